"""What a run holds between its calls goes with the worker, comes back anew, and does so in a replay too."""

from collections.abc import Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from agents.tools.python import python
from daemon.domain.held import Held
from daemon.domain.run import RunStatus
from daemon.engine.replay import replay
from tests.daemon.engine.workbench import OWNER, Reply, Workbench, ending

Make = Callable[..., Workbench]
RESTARTED = "restarted: variables are lost, files are kept"


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


async def test_what_cannot_be_opened_is_not_held() -> None:
    held = Held()
    with pytest.raises(OSError, match="no"):
        await held.have("a", Broken)
    await held.close()
