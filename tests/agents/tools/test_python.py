"""`python`: an interpreter that keeps its names, shows what is worth seeing, and reaches no more than a command."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from agents.tools.python import python
from daemon.domain.call import Outcome
from daemon.domain.held import Held
from tests.agents.tools.conftest import Room

FORGED = """
import os
for n in range(3, 64):
    try: os.write(n, b'{"text": "forged"}\\n')
    except OSError: pass
"""


class Interpreter:
    """Calls the tool as the calls of one run."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.held = Held()
        self.calls = 0

    async def __call__(self, code: str, **more: Any) -> Outcome:
        at = replace(self.room.at, held=self.held, before=self.calls, key=f"1/{self.calls + 1}")
        self.calls += 1
        return await python.invoke({"code": code, **more}, at)


@pytest.fixture
async def run(room: Room) -> AsyncIterator[Interpreter]:
    interpreter = Interpreter(room)
    yield interpreter
    await interpreter.held.close()


async def test_names_stay_and_the_last_value_is_shown(run: Interpreter) -> None:
    first = await run("import math\ndef area(r):\n    return math.pi * r ** 2\nr = 2")
    assert (first.text, first.failed, first.fresh) == ("done, nothing to show", False, True)
    second = await run("print('so')\nround(area(r), 2)")
    assert (second.text, second.failed, second.fresh) == ("so\n12.57", False, False)
    assert (await run("_ + 1")).text == "13.57"
    assert (await run("r;")).text == "done, nothing to show"


async def test_the_workspace_is_where_it_works(run: Interpreter) -> None:
    (run.room.work / "input" / "a.txt").write_text("hello")
    assert (await run("open('input/a.txt').read()")).text == "'hello'"
    await run("open('output/b.txt', 'w').write('made')")
    assert (run.room.work / "output" / "b.txt").read_text() == "made"


async def test_an_error_shows_the_code_alone_and_the_names_stay(run: Interpreter) -> None:
    outcome = await run("x = 1\ndef f():\n    return 1 / 0\nf()")
    assert outcome.failed
    assert outcome.text.startswith('File "<python-1>", line 4')
    assert "return 1 / 0" in outcome.text
    assert "line 3, in f" in outcome.text
    assert "ZeroDivisionError: division by zero" in outcome.text
    assert "cell.py" not in outcome.text
    assert "SyntaxError" in (await run("x = = 1")).text
    assert (await run("x")).text == "1"


async def test_await_stands_at_the_top(run: Interpreter) -> None:
    code = "import asyncio\nasync def f():\n    await asyncio.sleep(0)\n    return 7\nawait f()"
    assert (await run(code)).text == "7"


async def test_output_of_programs_stands_in_its_order(run: Interpreter) -> None:
    code = "import os, sys\nprint('a')\nos.system('echo b')\nprint('c', file=sys.stderr)\nsys.stdout.write('d')"
    assert (await run(code)).text == "a\nb\nc\nd1"


async def test_containers_are_laid_out_and_long_ones_clipped(run: Interpreter) -> None:
    assert len((await run("{n: list(range(30)) for n in range(5)}")).text.splitlines()) > 3
    outcome = await run("list(range(100_000))")
    assert len(outcome.text) < 9_000
    assert "left out" in outcome.text


async def test_long_output_is_kept_whole_in_a_file(run: Interpreter) -> None:
    outcome = await run("for n in range(20_000): print(n)")
    assert len(outcome.text) < 6_300
    assert outcome.text.endswith("\n19999")
    assert (run.room.work / "research" / "python-1.txt").read_text().splitlines()[-1] == "19999"


async def test_pictures_become_files(run: Interpreter) -> None:
    code = """
class Picture:
    def _repr_png_(self): return b'\\x89PNG'
class Drawing:
    def _repr_svg_(self): return '<svg/>'
class Broken:
    def _repr_png_(self): raise RuntimeError
    def __repr__(self): return 'broken'
display(Picture(), Broken())
Drawing()
"""
    assert (await run(code)).text == "[picture: research/python-1-1.png]\nbroken\n[picture: research/python-1-2.svg]"
    assert (run.room.work / "research" / "python-1-1.png").read_bytes() == b"\x89PNG"


async def test_a_table_is_shown_with_its_size(run: Interpreter) -> None:
    code = """
class Table:
    shape = (2, 1)
    def to_string(self, max_rows, max_cols): return 'a\\n1\\n2'
Table()
"""
    assert (await run(code)).text == "a\n1\n2\n[2 × 1]"


@pytest.mark.parametrize("code", ["exit()", "import sys; sys.exit(3)", "raise SystemExit"])
async def test_exit_ends_nothing(run: Interpreter, code: str) -> None:
    await run("x = 5")
    outcome = await run(code)
    assert outcome.failed
    assert "variables are kept" in outcome.text
    assert (await run("x")).text == "5"


@pytest.mark.parametrize(
    "code",
    [
        "import os; os._exit(0)",
        "import ctypes; ctypes.string_at(0)",
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "import os; os.closerange(0, 100); os._exit(1)",
    ],
)
async def test_an_interpreter_that_ends_is_told_and_a_new_one_says_that_it_is_new(run: Interpreter, code: str) -> None:
    await run("x = 5")
    outcome = await run(code)
    assert outcome.failed
    assert "Its variables are lost" in outcome.text
    after = await run("'x' in dir()")
    assert after.text == "restarted: variables are lost, files are kept\nFalse"
    assert after.fresh


async def test_after_its_seconds_code_is_interrupted_and_the_names_stay(run: Interpreter) -> None:
    await run("x = 5")
    outcome = await run("while True: pass", seconds=1)
    assert outcome.failed
    assert "stopped after 1 seconds; variables are kept" in outcome.text
    assert (await run("x")).text == "5"


async def test_code_that_will_not_stop_is_ended(run: Interpreter) -> None:
    code = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    outcome = await run(code, seconds=1)
    assert outcome.failed
    assert "did not stop within 1 seconds" in outcome.text
    assert (await run("1")).text.startswith("restarted")


@pytest.mark.parametrize(
    "code",
    [
        FORGED,
        "def f(): f()\nf()",
        "import builtins, json, sys\njson.dumps = None\nbuiltins.open = None\nsys.stdout = None\nsys.stderr = None",
        "import sys\nsys.stdout.close()\nsys.stderr.close()",
        "class Evil:\n    def __repr__(self): raise RuntimeError('no')\nEvil()",
        "class Evil:\n    def __repr__(self): return 7\nEvil()",
        "'\\ud800'",
        "print('\\ud800\\x00\\x1b[2J')",
        "x = " + "1 + " * 50_000 + "1",
        "raise BaseException('\\ud800')",
        "input()",
        "'x' * 50_000_000",
        "import threading\nthreading.Thread(target=lambda: [print('later') for _ in range(9)], daemon=True).start()",
    ],
)
async def test_whatever_the_code_does_the_next_call_is_answered(run: Interpreter, code: str) -> None:
    try:
        outcome = await run(code)
        assert len(outcome.text) < 20_000
    except Exception as problem:  # noqa: BLE001 - only a sentence for the model may come out
        assert type(problem).__name__ == "ToolError"
    after = await run("2 + 3")
    assert after.text.removeprefix("restarted: variables are lost, files are kept\n") in ("5", "later\n5") or (
        "forged" in after.text or after.failed
    )
    assert (await run("4 + 5")).text.endswith("9")


async def test_between_two_calls_nothing_of_it_runs(run: Interpreter) -> None:
    code = """
import os, threading
def write():
    number = 0
    while True:
        number += 1
        with open('output/beat', 'w') as file: file.write(str(number))
        os.replace('output/beat', 'output/pulse')
threading.Thread(target=write, daemon=True).start()
while not os.path.exists('output/pulse'): pass
"""
    await run(code)
    pulse = run.room.work / "output" / "pulse"
    before = pulse.read_text()
    # Another sandbox works meanwhile: time in which a thread would have written.
    other = Interpreter(run.room)
    await other("sum(range(3_000_000))")
    await other.held.close()
    assert pulse.read_text() == before
    beat = "import time\nbefore = open('output/pulse').read()\nwhile open('output/pulse').read() == before: pass\n'on'"
    assert (await run(beat)).text == "'on'"


@pytest.mark.parametrize(
    "code",
    [
        "open('{state}/key').read()",
        "open('{open}/evil', 'w')",
        "open('{given}/evil', 'w')",
        "open('/etc/shadow').read()",
        "import socket; socket.create_connection(('127.0.0.1', 22), 1)",
        "open('/opt/agent/interpreter/cell.py', 'a')",
    ],
)
async def test_nothing_outside_is_reached_or_changed(run: Interpreter, code: str) -> None:
    given = {"state": run.room.state, "open": run.room.open, "given": run.room.given}
    outcome = await run(code.format(**given))
    assert outcome.failed
    assert "Error" in outcome.text
    assert "SESAME" not in outcome.text
    assert list(run.room.open.iterdir()) == []
