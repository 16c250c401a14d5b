"""A command that stays: it answers line by line, under every limit, and goes with whoever opened it."""

import asyncio

import pytest

from agents.sandbox.bubblewrap import Bubblewrap
from daemon.domain.errors import BadInput
from daemon.domain.ports import Sandbox
from daemon.domain.sandbox import MIB, Box, BoxLimits, Command, Ending
from tests.agents.sandbox.conftest import Ground
from tests.agents.sandbox.test_endings import alive, descriptors, parent_of_session, until

INTERPRETER = """
import sys
names = {}
for line in sys.stdin:
    try:
        print(repr(eval(line, names)), flush=True)
    except KeyboardInterrupt:
        print('interrupted', flush=True)
"""
PYTHON = Command(("python3", "-c", INTERPRETER))


async def test_lines_go_to_and_fro_and_what_is_named_stays(sandbox: Sandbox, ground: Ground) -> None:
    async with sandbox.open(PYTHON, ground.box) as session:
        assert (await session.exchange(b"(n := 20) + 1", 60)).line == b"21"
        assert (await session.exchange(b"n * 2", 60)).line == b"40"
        assert (await session.exchange(b"len('" + b"x" * 500_000 + b"')", 60)).line == b"500000"
        assert (await session.exchange(b"'x' * 500_000", 60)).line == b"'" + b"x" * 500_000 + b"'"


async def test_stderr_comes_with_its_exchange(sandbox: Sandbox, ground: Ground) -> None:
    async with sandbox.open(PYTHON, ground.box) as session:
        assert (await session.exchange(b"__import__('sys').stderr.write('said\\n')", 60)).stderr == b"said\n"
        assert (await session.exchange(b"1", 60)).stderr == b""


async def test_what_was_not_asked_for_is_no_answer(sandbox: Sandbox, ground: Ground) -> None:
    async with sandbox.open(PYTHON, ground.box) as session:
        assert (await session.exchange(b"print('answer\\nunasked')", 60)).line == b"answer"
        assert (await session.exchange(b"2 + 3", 60)).line == b"5"


async def test_a_line_with_an_end_in_it_is_refused(sandbox: Sandbox, ground: Ground) -> None:
    async with sandbox.open(PYTHON, ground.box) as session:
        with pytest.raises(BadInput):
            await session.exchange(b"1\n2", 60)


async def test_after_the_time_it_is_interrupted_and_lives_on(sandbox: Sandbox, ground: Ground) -> None:
    async with sandbox.open(PYTHON, ground.box) as session:
        assert (await session.exchange(b"(n := 1)", 60)).line == b"1"
        answer = await session.exchange(b"__import__('time').sleep(600)", 0.2)
        assert (answer.line, answer.interrupted, answer.ending) == (b"interrupted", True, None)
        assert (await session.exchange(b"n", 60)).line == b"1"


async def test_an_interrupt_reaches_it_from_outside(sandbox: Sandbox, ground: Ground) -> None:
    async with sandbox.open(PYTHON, ground.box) as session:
        code = b"[open('begun', 'w').close(), __import__('time').sleep(600)]"
        waiting = asyncio.create_task(session.exchange(code, 60))
        await until((ground.workspace / "begun").exists)
        session.interrupt()
        assert (await waiting).line == b"interrupted"


async def test_who_does_not_heed_the_interrupt_is_ended(sandbox: Sandbox, ground: Ground) -> None:
    deaf = Command(("bash", "-c", "trap '' INT; read line; while :; do sleep 600; done"))
    async with sandbox.open(deaf, ground.box) as session:
        assert (await session.exchange(b"x", 0.2)).ending is Ending.TIMEOUT
        assert (await session.exchange(b"x", 60)).ending is Ending.TIMEOUT, "and stays so"


async def test_who_does_not_read_is_ended(sandbox: Sandbox, ground: Ground) -> None:
    async with sandbox.open(Command(("bash", "-c", "trap '' INT; sleep 600")), ground.box) as session:
        assert (await session.exchange(bytes(3_000_000), 0.2)).ending is Ending.TIMEOUT


async def test_its_own_end_is_told(sandbox: Sandbox, ground: Ground) -> None:
    async with sandbox.open(Command(("bash", "-c", "read line; echo why >&2; exit 3")), ground.box) as session:
        answer = await session.exchange(b"x", 60)
        assert (answer.ending, answer.stderr) == (Ending.EXITED, b"why\n")


async def test_a_program_that_is_not_there_ends_at_once(sandbox: Sandbox, ground: Ground) -> None:
    async with sandbox.open(Command(("no-such-program",)), ground.box) as session:
        answer = await session.exchange(b"x", 60)
        assert answer.ending is Ending.EXITED
        assert b"no such program" in answer.stderr


@pytest.mark.parametrize("code", ["yes | tr -d '\\n'", "yes >&2", "yes"], ids=["one line", "stderr", "many lines"])
async def test_a_flood_ends_it(code: str, sandbox: Sandbox, ground: Ground) -> None:
    box = Box(ground.workspace, limits=BoxLimits(output=65536))
    async with sandbox.open(Command(("bash", "-c", f"read line; {code}")), box) as session:
        answer = await session.exchange(b"x", 60)
        while answer.ending is None:
            answer = await session.exchange(b"x", 60)
        assert answer.ending is Ending.OUTPUT


async def test_output_is_limited_for_each_exchange(sandbox: Sandbox, ground: Ground) -> None:
    box = Box(ground.workspace, limits=BoxLimits(output=4096))
    async with sandbox.open(PYTHON, box) as session:
        for _ in range(40):  # in all more than a flood
            assert len((await session.exchange(b"'x' * 4000", 60)).line) == 4002


async def test_its_memory_is_limited(sandbox: Sandbox, ground: Ground) -> None:
    box = Box(ground.workspace, limits=BoxLimits(memory=100 * MIB))
    code = "import mmap\nheld = mmap.mmap(-1, 400 << 20)\nfor _ in range(400): held.write(b'x' * (1 << 20))\ninput()"
    async with sandbox.open(Command(("python3", "-c", code)), box) as session:
        answer = await session.exchange(b"x", 60)
        assert answer.ending is Ending.STOPPED
        assert b"100 are allowed" in answer.stderr


async def test_nothing_of_it_is_left(ground: Ground) -> None:
    sandbox, mark = Bubblewrap(secret=[ground.state]), ground.top.name
    await sandbox.run(Command(("true",)), ground.box)
    before = descriptors()
    code = f"setsid bash -c 'exec -a {mark} sleep 600' & read line; echo ok; exec -a {mark} sleep 600"
    async with sandbox.open(Command(("bash", "-c", code)), ground.box) as session:
        assert (await session.exchange(b"x", 60)).line == b"ok"
        assert alive(mark)
    assert alive(mark) == []
    assert descriptors() == before


async def test_a_cancelled_exchange_leaves_a_session_that_can_be_closed(sandbox: Sandbox, ground: Ground) -> None:
    mark = ground.top.name
    code = f"touch begun; exec -a {mark} sleep 600"

    async def use() -> None:
        async with sandbox.open(Command(("bash", "-c", code)), ground.box) as session:
            await session.exchange(b"x", 600)

    using = asyncio.create_task(use())
    await until((ground.workspace / "begun").exists)
    using.cancel()
    with pytest.raises(asyncio.CancelledError):
        await using
    assert alive(mark) == []


async def test_it_dies_with_us(ground: Ground) -> None:
    mark = ground.top.name
    process = parent_of_session(ground, f"touch begun; exec -a {mark} sleep 600")
    await until((ground.workspace / "begun").exists)
    assert len(alive(mark)) >= 2
    process.kill()
    process.communicate()
    await until(lambda: not alive(mark))
