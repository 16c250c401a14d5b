"""Between two exchanges of a session nothing of it runs, whatever it left behind and whoever we are."""

import pytest

from agents.sandbox.bubblewrap import Bubblewrap
from daemon.domain.sandbox import Command, Ending
from tests.agents.sandbox.conftest import MODES, Ground, Modes

INTERPRETER = """
import os, sys
names = {}
for line in sys.stdin:
    try:
        exec(eval(line), names)
        print('done', flush=True)
    except Exception as problem:
        print(repr(problem), flush=True)
"""
PYTHON = ("python3", "-c", INTERPRETER)
BEGIN = """
import os, signal, subprocess, threading
def beat():
    number = 0
    while True:
        number += 1
        with open(f'beat-{os.getpid()}', 'w') as file: file.write(str(number))
        os.replace(file.name, 'pulse')
"""
WAIT = "\nwhile not os.path.exists('pulse'): pass"
AGAIN = "before = open('pulse').read()\nwhile open('pulse').read() == before: pass"
LEFT_BEHIND = {
    "a thread": "threading.Thread(target=beat, daemon=True).start()",
    "a process": "if os.fork() == 0: os.setsid(); beat()",
    "programs that come and go": """
subprocess.Popen(['bash', '-c', 'while :; do date +%N > beat; mv beat pulse; done'], start_new_session=True)""",
}
MUTUAL = """
def wake():
    while True: os.kill(-1, signal.SIGCONT)
for _ in range(3):
    if os.fork() == 0: wake()
if os.fork() == 0: beat()
"""
"""Each lets all others go as soon as they are stopped."""


@pytest.mark.parametrize("left", LEFT_BEHIND)
@pytest.mark.parametrize("mode", MODES)
async def test_what_was_left_behind_stands_still_and_goes_on(
    mode: str, left: str, ground: Ground, modes: Modes
) -> None:
    lines = [repr(BEGIN + LEFT_BEHIND[left] + WAIT), repr(AGAIN), repr(AGAIN)]
    seen = await modes.talk(mode, ground, PYTHON, lines)
    assert [(line, ending) for line, ending, *_ in seen] == [("done", None)] * 3
    assert all(before == after for *_, before, after in seen)


@pytest.mark.parametrize("mode", MODES)
async def test_who_lets_each_other_go_stands_still_or_is_ended(mode: str, ground: Ground, modes: Modes) -> None:
    seen = await modes.talk(mode, ground, PYTHON, [repr(BEGIN + MUTUAL + WAIT), repr("pass"), repr("pass")])
    assert all(ending in (None, Ending.STOPPED) for _, ending, *_ in seen)
    assert all(before == after for *_, before, after in seen)


async def test_a_parent_that_waits_for_its_child_to_become_a_program_holds_nobody_up(
    sandbox: Bubblewrap, ground: Ground
) -> None:
    spawning = """
import subprocess, threading
def spawn():
    while True: subprocess.run(['true'])
threading.Thread(target=spawn, daemon=True).start()
"""
    async with sandbox.open(Command(PYTHON), ground.box) as session:
        assert (await session.exchange(repr(spawning).encode(), 60)).line == b"done"
        for _ in range(100):
            answer = await session.exchange(repr("pass").encode(), 60)
            assert (answer.line, answer.ending) == (b"done", None)


async def test_what_cannot_stand_still_is_ended(sandbox: Bubblewrap, ground: Ground) -> None:
    # The parent waits in vfork(2) for a child that never becomes a program.
    code = "import ctypes, os, time\nif os.fork() == 0: ctypes.CDLL(None).vfork(); time.sleep(600)"
    async with sandbox.open(Command(PYTHON), ground.box) as session:
        answer = await session.exchange(repr(code).encode(), 60)
        while answer.ending is None:  # the first answer may come before it waits
            answer = await session.exchange(repr("pass").encode(), 60)
        assert answer.ending is Ending.STOPPED
        assert b"does not stand still" in answer.stderr
