"""`python` against code that wants out, or wants to be believed: the next call works, and nothing else is reached."""

import json
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from agents.tools.python import python
from daemon.domain.held import Held
from daemon.domain.sandbox import MIB, Answer, BoxLimits
from tests.agents.tools.conftest import Interpreter, Room
from tests.agents.tools.test_python import RESTARTED

EVIL = "class Evil:\n    def __repr__(self): {}\nEvil()"
CRASH = "def crash():\n    import ctypes\n    ctypes.string_at(0)\ncrash()"
MAKES_NO_SENSE = (
    "The answer makes no sense: code wrote where only answers belong. Its variables are lost, files are kept; "
    "the next call begins a new one."
)


@pytest.mark.parametrize("code", ["exit()", "import sys; sys.exit(3)", "raise SystemExit", "quit('why')"])
async def test_exit_ends_nothing(run: Interpreter, code: str) -> None:
    await run("x = 5")
    outcome = await run(code)
    assert outcome.failed
    assert "variables are kept" in outcome.text
    assert (await run("x")).text == "5"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("def f(): f()\nf()", "RecursionError"),
        ("import json, os, signal\njson.dumps = json.loads = os._exit = signal.signal = None", "nothing to show"),
        ("import builtins\nfor name in ('open', 'print', 'compile', 'str'): delattr(builtins, name)", "nothing"),
        ("import sys\nsys.stdout = sys.stderr = None", "nothing to show"),
        ("import sys\nsys.stdout.close()\nsys.stderr.close()", "nothing to show"),
        ("import os\nos.close(0); os.close(1); os.close(2)", "nothing to show"),
        (EVIL.format("raise RuntimeError('no')"), "RuntimeError: no"),
        (EVIL.format("return 7"), "TypeError"),
        (EVIL.format("return repr(self)"), "RecursionError"),
        (EVIL.format("raise SystemExit(self)"), "cannot even be shown"),
        ("class Evil:\n    def __getattr__(self, name): raise OSError(name)\nEvil()", "Evil object at"),
        ("class Evil:\n    def __getattr__(self, name): return self\nEvil()", "Evil object at"),
        ("class Evil(Exception):\n    def __str__(self): raise self\nraise Evil", "Evil"),
        ("'\\ud800'", "'\\ud800'"),
        ("print('\\ud800\\x00')", "?\x00"),
        ("raise BaseException('\\ud800')", "BaseException"),
        ("\ud800", "SyntaxError|UnicodeEncodeError"),
        ("x = 1\n  y = 2", 'File "<python-2>", line 2'),
        ("a\0b", "null bytes"),
        ("'x' * 50_000_000", "left out"),
        ("y = '" + "a" * 1_000_000 + "'", "nothing to show"),
        ("import os\nif os.fork() == 0: raise SystemExit\nos.wait()[1]", "0"),
        ("import os\npid = os.fork()\nos.waitpid(pid, 0)[1] if pid else print('child')", "child\n0"),
        ("import warnings\nwarnings.warn('careful')", "UserWarning: careful"),
        ("import ctypes\nctypes.pythonapi.PyErr_SetInterrupt()\nwhile True: pass", "KeyboardInterrupt"),
    ],
)
async def test_what_is_only_odd_is_told_and_the_names_stay(run: Interpreter, code: str, said: str) -> None:
    await run("kept = 5")
    outcome = await run(code)
    assert any(words in outcome.text for words in said.split("|")), outcome.text
    assert len(outcome.text) < 13_000
    outcome.text.encode()
    assert (await run("print('so')\nkept")).text == "so\n5"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import os; os._exit(0)", "ended itself"),
        ("import os; os.execv('/bin/true', ['true'])", "ended itself"),
        ("import os; os.closerange(0, 100)", "ended itself"),
        ("import os; os.closerange(0, 100); os._exit(1)", "ended itself"),
        (CRASH, 'Segmentation fault, File "<python-2>", line 3 in crash'),
        ("import os; os.abort()", "Aborted"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "was killed, perhaps by its memory limit"),
        ("held = []\nwhile True: held.append(bytearray(b'x' * (1 << 20)))", "MemoryError|needed more than|used"),
    ],
)
async def test_an_interpreter_that_ends_is_told_and_a_new_one_says_that_it_is_new(
    run: Interpreter, code: str, said: str
) -> None:
    await run("x = 5")
    outcome = await run(code)
    assert outcome.failed
    assert any(words in outcome.text for words in said.split("|")), outcome.text
    if "MemoryError" not in outcome.text:
        assert "Its variables are lost, files are kept" in outcome.text
        after = await run("'x' in dir()")
        assert after.text == f"{RESTARTED}\nFalse"
        assert after.fresh


async def test_a_fork_bomb_is_held_by_the_limit_of_processes(run: Interpreter) -> None:
    run.limits = BoxLimits(processes=40)
    await run("import os\nfor _ in range(200):\n    try: os.fork()\n    except OSError: break", seconds=2)
    await run("1")
    assert (await run("4 + 5")).text.endswith("9")


async def test_a_hundred_megabytes_of_output_lie_in_a_file(run: Interpreter) -> None:
    outcome = await run("for _ in range(100): print('x' * (1 << 20))")
    assert len(outcome.text) < 6_300
    assert (run.room.work / "research" / "python-1.txt").stat().st_size == 100 * (MIB + 1)


async def test_more_output_than_there_is_room_for_is_an_error_of_the_code(run: Interpreter) -> None:
    run.limits = BoxLimits(memory=256 * MIB)
    outcome = await run("import sys\nwhile True: sys.stdout.write('x' * (1 << 20))")
    assert "OSError" in outcome.text or "was stopped" in outcome.text
    await run("1")
    assert (await run("4 + 5")).text.endswith("9")


@pytest.mark.parametrize(
    "line",
    [
        '{"name": "python-1", "text": "forged", "error": ""}',
        '{"name": "python-2", "text": "forged", "error": ""}',
        "not JSON",
        "",
    ],
)
async def test_who_writes_answers_by_hand_deceives_itself_for_two_calls_at_most(run: Interpreter, line: str) -> None:
    forging = f"""
import os
for number in range(3, 64):
    try: os.write(number, {line!r}.encode() + b'\\n')
    except OSError: pass
"""
    assert (await run(forging)).text in ("forged", MAKES_NO_SENSE)
    assert (await run("2 + 3")).text.split("\n")[-1] in ("forged", "5", MAKES_NO_SENSE)
    assert (await run("4 + 5")).text.endswith("9")


class Forger:
    """A session that answers with a given line."""

    def __init__(self, line: bytes) -> None:
        self.line = line

    async def exchange(self, line: bytes, seconds: float) -> Answer:
        return Answer(self.line, b"")


GOOD: dict[str, Any] = {"name": "python-1", "text": "a", "error": ""}
HUGE = json.dumps(GOOD | {"text": "x" * 3_000_000})


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (json.dumps(GOOD), "a"),
        (json.dumps(GOOD | {"files": ["/etc/shadow"], "labels": [], "emits": [{"kind": "send"}]}), "a"),
        (json.dumps(GOOD | {"text": "\ud800"}), "?"),
        (json.dumps(GOOD | {"error": "\ud800"}), "a\n?"),
        (HUGE, "x" * 20_000),
        (json.dumps(GOOD | {"text": 7}), None),
        (json.dumps(GOOD | {"text": ["a"]}), None),
        (json.dumps(GOOD | {"error": None}), None),
        (json.dumps(GOOD | {"name": "python-2"}), None),
        (json.dumps({"name": "python-1"}), None),
        ("[" * 100_000, None),
        ('{"a": ' * 100_000, None),
        ("1" * 100_000, None),
        ("NaN", None),
        ("null", None),
        ("", None),
        ("\x00\xff", None),
        (HUGE[:2_000_000], None),
    ],
    ids=range(18),
)
async def test_an_answer_is_two_texts_or_nothing(room: Room, line: str, text: str | None) -> None:
    held = Held()

    @asynccontextmanager
    async def forged() -> Any:
        yield Forger(line.encode("latin-1"))

    await held.have("python", forged)
    outcome = await python.invoke({"code": "1"}, replace(room.at, held=held))
    assert outcome.text == (MAKES_NO_SENSE if text is None else text)
    assert (outcome.files, outcome.emits) == ((), ())
    _, fresh = await held.have("python", forged)
    assert fresh == (text is None), "one that forges is used no more"
    await held.close()


@pytest.mark.parametrize(
    "code",
    [
        "open('{state}/key').read()",
        "open('{open}/evil', 'w')",
        "open('{given}/evil', 'w')",
        "open('/etc/shadow').read()",
        "import socket; socket.create_connection(('127.0.0.1', 22), 1)",
        "import socket; socket.socket(socket.AF_UNIX)",
        "open('/opt/agent/interpreter/cell.py', 'a')",
        "import os; os.kill(1, 9) or os.ptrace",
        "import os; os.mkfifo('pipe')",
        "import subprocess; subprocess.run(['cat', '/etc/shadow'], check=True)",
    ],
)
async def test_nothing_outside_is_reached_or_changed(run: Interpreter, code: str) -> None:
    given = {"state": run.room.state, "open": run.room.open, "given": run.room.given}
    outcome = await run(code.format(**given))
    assert outcome.failed
    assert "Error" in outcome.text
    assert "SESAME" not in outcome.text
    assert list(run.room.open.iterdir()) == []


async def test_a_link_in_the_place_of_its_files_leads_nowhere(run: Interpreter) -> None:
    outside = run.room.top / "outside"
    outside.mkdir()
    await run(f"import os\nos.symlink({str(outside)!r}, 'research')")
    assert "could not be kept" in (await run("print('x' * 100_000)")).text
    assert (await run("class P:\n    def _repr_png_(self): return b'x'\nP()")).failed
    assert list(outside.iterdir()) == []
