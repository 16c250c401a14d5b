"""What a run holds between its calls goes with the worker, comes back anew, and does so in a replay too."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from agents.tools.python import python
from daemon.domain.held import Held
from daemon.domain.run import RunStatus
from daemon.engine.replay import replay
from tests.agents.sandbox.test_endings import alive, until
from tests.daemon.engine.workbench import OWNER, Reply, Workbench, ending

Make = Callable[..., Workbench]
RESTARTED = "restarted: variables are lost, files are kept"
LOST = f"""{RESTARTED}
File "<python-4>", line 2, in <module>
    x + 1
NameError: name 'x' is not defined"""


def code(text: str) -> Reply:
    return Reply(("python", {"code": text}))


async def test_an_interpreter_lives_from_call_to_call_and_not_while_the_run_waits(bench: Make) -> None:
    asking = Reply(("ask_owner", {"question": "go on?"}))
    replies = [code("x = 1"), code("x + 1"), asking, code("'x' in dir()"), code("y = 3"), code("y"), ending()]
    b = bench(replies, [python])
    task = b.submit()
    assert (await b.run()).status is RunStatus.WAITING  # type: ignore[union-attr]
    (question,) = b.service.reads.approvals()
    b.service.decide(question.id, True, "yes", OWNER)
    assert (await b.done(task)).status is RunStatus.DONE
    said = [step.output["text"] for step in b.steps(task) if step.name == "python"]
    assert said == ["done, nothing to show", "2", f"{RESTARTED}\nFalse", "done, nothing to show", "3"]
    assert await replay(b.parts, task.id) is None


CALLS = [
    code("x = 1"),
    code("open('src/log', 'a').write('2')\nx + 1"),
    code("'x' in dir(), open('src/log').read()"),
    ending(),
]
KILLED = """
import asyncio, sys
from pathlib import Path
from agents.tools.python import python
from tests.daemon.engine.test_held import CALLS
from tests.daemon.engine.workbench import make
asyncio.run(make(Path(sys.argv[1]), CALLS, [python]).run())
"""


def without_carets(text: str) -> str:
    """Leave out the lines that point at a part of the line above, each version of Python in its own way."""
    return "\n".join(line for line in text.splitlines() if line.strip(" ^~"))


AFTER = {
    "call.invoked:1": ["2", "(True, '2')"],
    "call.recorded:2": [LOST, "(False, '2')"],
    "call.invoked:2": [LOST, "(False, '2')"],
    "call.recorded:4": ["2", f"{RESTARTED}\n(False, '2')"],
}
"""What the second and third call say after a kill at a place; the model's outcomes are recorded in between."""


@pytest.mark.parametrize("place", AFTER)
async def test_what_a_kill_took_comes_back_anew_and_so_it_does_in_a_replay(bench: Make, place: str) -> None:
    b = bench(CALLS, [python])
    task = b.submit()
    environment = os.environ | {"AGENT_FAILPOINT": place}
    killed = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, b.home.path, env=environment)
    assert await killed.wait() == -signal.SIGKILL
    assert (await b.done(task)).status is RunStatus.DONE
    said = [without_carets(step.output["text"]) for step in b.steps(task) if step.name == "python"]
    assert said == ["done, nothing to show", *AFTER[place]]
    assert await replay(b.parts, task.id) is None


async def test_the_first_call_that_is_made_says_nothing_of_a_restart(bench: Make) -> None:
    wrong = Reply(("python", {"kode": "1"}))
    b = bench([wrong, code("1"), ending()], [python])
    task = b.submit()
    assert (await b.done(task)).status is RunStatus.DONE
    assert [step.output["text"] for step in b.steps(task) if step.name == "python"][1] == "1"
    assert await replay(b.parts, task.id) is None


async def test_a_cancelled_run_leaves_no_interpreter(bench: Make) -> None:
    mark = "of-a-cancelled-run"
    b = bench([code(f"import subprocess\nsubprocess.run(['bash', '-c', 'exec -a {mark} sleep 600'])")], [python])
    task = b.submit()
    running = asyncio.create_task(b.run())
    await until(lambda: len(alive(mark)) > 0)
    b.service.cancel(task.id, OWNER)
    await running
    assert alive(mark) == []
    assert b.service.reads.task(task.id).status is RunStatus.CANCELLED


class Thing:
    def __init__(self) -> None:
        self.alive = True


def opening(made: list[Thing]) -> Callable[[], Any]:
    @asynccontextmanager
    async def opened() -> Any:
        made.append(Thing())
        try:
            yield made[-1]
        finally:
            made[-1].alive = False

    return opened


async def test_a_thing_is_opened_once_and_let_go_by_name_or_with_all() -> None:
    held, made = Held(), list[Thing]()
    first, fresh = await held.have("a", opening(made))
    again, still_fresh = await held.have("a", opening(made))
    assert (first is again, fresh, still_fresh) == (True, True, False)
    await held.drop("a")
    await held.drop("a")
    assert not first.alive
    await held.have("a", opening(made))
    await held.close()
    assert [thing.alive for thing in made] == [False, False]


class Broken:
    async def __aenter__(self) -> Thing:
        raise OSError("no")

    async def __aexit__(self, *_: object) -> None:
        raise AssertionError("it was never entered")


async def test_one_that_does_not_close_keeps_no_other_open() -> None:
    @asynccontextmanager
    async def opened() -> Any:
        yield
        raise OSError("stuck")

    held, made = Held(), list[Thing]()
    await held.have("a", opening(made))
    await held.have("b", opened)
    with pytest.raises(OSError, match="stuck"):
        await held.close()
    assert not made[0].alive


async def test_what_cannot_be_opened_is_not_held() -> None:
    held = Held()
    with pytest.raises(OSError, match="no"):
        await held.have("a", Broken)
    await held.close()
