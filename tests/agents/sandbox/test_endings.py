"""How commands end, and that nothing of them lives on."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from agents.sandbox.bubblewrap import Bubblewrap
from agents.sandbox.launch import BEGIN
from agents.sandbox.leftovers import end_leftovers
from daemon.domain.sandbox import Box, BoxLimits, Command, Ending
from tests.agents.sandbox.conftest import ROOT, Ground, Runs

DAEMON = "setsid bash -c 'trap \"\" TERM HUP; exec -a {mark} sleep 600' {streams} & "


def alive(mark: str) -> list[str]:
    """Give the processes of the machine that have the mark in their command line, from the start of bwrap on."""
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark.encode() in process.read_bytes():
                found.append(process.parent.name)
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def descriptors() -> set[str]:
    return {path.name for path in Path("/proc/self/fd").iterdir()}


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - other processes tell us of no event
            await asyncio.sleep(0.01)


def parent(ground: Ground, code: str) -> "subprocess.Popen[bytes]":
    line = [sys.executable, "-c", PARENT, str(ground.workspace), code]
    return subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE)


def parent_of_session(ground: Ground, code: str) -> "subprocess.Popen[bytes]":
    line = [sys.executable, "-c", PARENT_OF_SESSION, str(ground.workspace), code]
    return subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE)


def children() -> list[bytes]:
    pids = [pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()]
    return [Path(f"/proc/{pid}/stat").read_bytes() for pid in pids]


@pytest.fixture
def mark(ground: Ground) -> str:
    return ground.top.name


@pytest.mark.parametrize(("code", "status"), [("exit 0", 0), ("exit 3", 3), ("exit 255", 255)])
async def test_the_exit_status_is_the_programs(code: str, status: int, run: Runs) -> None:
    completed = await run(["bash", "-c", code])
    assert (completed.status, completed.ending) == (status, Ending.EXITED)


async def test_a_signal_shows(run: Runs) -> None:
    completed = await run(["bash", "-c", "kill -SEGV $$"])
    assert (completed.status, completed.ending) == (128 + signal.SIGSEGV, Ending.SIGNALLED)


async def test_a_program_that_is_not_there_is_said_in_words(run: Runs) -> None:
    completed = await run(["no-such-program", "x"])
    assert (completed.status, completed.ending) == (127, Ending.EXITED)
    assert completed.stderr.startswith(b"no-such-program: there is no such program")


async def test_a_file_that_is_no_program_is_said_in_words(run: Runs, ground: Ground) -> None:
    (ground.workspace / "text").write_text("no program")
    completed = await run(["./text"])
    assert completed.status == 126
    assert b"cannot be run in the sandbox" in completed.stderr


async def test_only_the_status_says_that_a_program_was_not_found(run: Runs) -> None:
    said = "sh: 1: exec: x: not found"
    completed = await run(["bash", "-c", f"echo '{said}' >&2; exit 1"])
    assert (completed.status, completed.stderr) == (1, f"{said}\n".encode())


@pytest.mark.parametrize("size", [0, 1, 65537, 3_000_000])
async def test_standard_input_arrives_and_ends(size: int, sandbox: Bubblewrap, ground: Ground) -> None:
    given = os.urandom(size)
    completed = await sandbox.run(Command(("cat",), stdin=given), ground.box)
    assert completed.stdout == given


async def test_standard_input_may_be_ignored(sandbox: Bubblewrap, ground: Ground) -> None:
    completed = await sandbox.run(Command(("true",), stdin=bytes(3_000_000)), ground.box)
    assert completed.status == 0


async def test_output_comes_piece_by_piece_while_the_command_runs(sandbox: Bubblewrap, ground: Ground) -> None:
    come = asyncio.Event()
    pieces: list[tuple[str, bytes]] = []

    def on_output(name: str, piece: bytes) -> None:
        pieces.append((name, piece))
        come.set()

    code = "echo first; until [ -e go ]; do sleep 0.01; done; echo second >&2"
    running = asyncio.create_task(sandbox.run(Command(("bash", "-c", code)), ground.box, on_output))
    await come.wait()
    assert pieces == [("stdout", b"first\n")]
    (ground.workspace / "go").touch()
    completed = await running
    assert pieces[1:] == [("stderr", b"second\n")]
    assert (completed.stdout, completed.stderr) == (b"first\n", b"second\n")


async def test_an_error_of_the_listener_ends_the_command(sandbox: Bubblewrap, ground: Ground, mark: str) -> None:
    def on_output(name: str, piece: bytes) -> None:
        raise ZeroDivisionError(name)

    code = DAEMON.format(mark=mark, streams="") + "echo x; sleep 600"
    with pytest.raises(ZeroDivisionError):
        await sandbox.run(Command(("bash", "-c", code)), ground.box, on_output)
    assert alive(mark) == []


@pytest.mark.parametrize("streams", ["", ">/dev/null 2>&1 </dev/null"], ids=["holds the pipes", "closed the pipes"])
async def test_a_daemon_left_behind_ends_with_the_command(streams: str, run: Runs, mark: str) -> None:
    code = DAEMON.format(mark=mark, streams=streams)
    wait = f"until grep -q ^{mark} /proc/[0-9]*/cmdline; do :; done; echo started"
    completed = await run(["bash", "-c", code + wait], seconds=60)
    assert (completed.stdout, completed.status) == (b"started\n", 0)
    assert alive(mark) == []


async def test_a_daemon_ends_with_the_time(run: Runs, mark: str) -> None:
    code = DAEMON.format(mark=mark, streams=">/dev/null") + f"exec -a {mark} sleep 600"
    completed = await run(["bash", "-c", code], seconds=1)
    assert completed.ending is Ending.TIMEOUT
    assert alive(mark) == []


async def test_a_command_that_closes_its_streams_is_waited_for(run: Runs, ground: Ground) -> None:
    code = "exec >&- 2>&- <&-; sleep 0.3; [ -d /work ] && mkdir done"
    assert (await run(["bash", "-c", code])).status == 0
    assert (ground.workspace / "done").is_dir()


@pytest.mark.parametrize("moment", ["at once", "after output"])
async def test_cancelling_kills_the_whole_tree(moment: str, sandbox: Bubblewrap, ground: Ground, mark: str) -> None:
    come = asyncio.Event()
    code = DAEMON.format(mark=mark, streams=">/dev/null") + (
        f"until grep -q ^{mark} /proc/[0-9]*/cmdline; do :; done; echo x; sleep 600"
    )
    running = asyncio.create_task(
        sandbox.run(Command(("bash", "-c", code)), ground.box, lambda name, piece: come.set())
    )
    if moment == "after output":
        await come.wait()
        assert alive(mark)
    else:
        await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert alive(mark) == []


async def test_cancelling_again_and_again_kills_too(sandbox: Bubblewrap, ground: Ground, mark: str) -> None:
    begun = asyncio.Event()
    code = f"echo x; exec -a {mark} sleep 600"
    running = asyncio.create_task(
        sandbox.run(Command(("bash", "-c", code)), ground.box, lambda name, piece: begun.set())
    )
    await begun.wait()
    while not running.done():
        running.cancel()
        await asyncio.sleep(0)
    assert running.cancelled()
    assert alive(mark) == []


async def test_no_descriptor_and_no_child_is_left(sandbox: Bubblewrap, ground: Ground) -> None:
    await sandbox.run(Command(("true",)), ground.box)  # what is opened once for all
    before = descriptors()
    for argv in (("true",), ("no-such-program",), ("bash", "-c", "kill -9 $$")):
        await sandbox.run(Command(argv), ground.box)
    await sandbox.run(Command(("sleep", "9")), Box(ground.workspace, limits=BoxLimits(seconds=0.05)))
    assert descriptors() == before
    assert not [child for child in children() if b"bwrap" in child]


async def test_many_at_once_do_not_disturb_each_other(sandbox: Bubblewrap, ground: Ground) -> None:
    commands = [Command(("bash", "-c", f"echo {number}; exit {number}")) for number in range(12)]
    done = await asyncio.gather(*(sandbox.run(command, ground.box) for command in commands))
    assert [(one.status, one.stdout) for one in done] == [(n, f"{n}\n".encode()) for n in range(12)]


PARENT = """
import asyncio, sys
from pathlib import Path
from agents.sandbox.bubblewrap import Bubblewrap
from daemon.domain.sandbox import Box, Command
sandbox = Bubblewrap()
sandbox.unavailable()
print("running", flush=True)
asyncio.run(sandbox.run(Command(("bash", "-c", sys.argv[2])), Box(Path(sys.argv[1]))))
"""


PARENT_OF_SESSION = """
import asyncio, sys
from pathlib import Path
from agents.sandbox.bubblewrap import Bubblewrap
from daemon.domain.sandbox import Box, Command
async def main():
    async with Bubblewrap().open(Command(("bash", "-c", sys.argv[2])), Box(Path(sys.argv[1]))) as session:
        await session.exchange(b"x", 600)
asyncio.run(main())
"""


async def test_when_we_are_killed_the_whole_tree_is(ground: Ground, mark: str) -> None:
    code = DAEMON.format(mark=mark, streams=">/dev/null") + f"touch begun; exec -a {mark} sleep 600"
    process = parent(ground, code)
    await until((ground.workspace / "begun").exists)
    assert len(alive(mark)) >= 4
    process.kill()
    process.communicate()
    await until(lambda: not alive(mark))


@pytest.mark.parametrize("milliseconds", range(1, 17))
async def test_when_we_are_killed_at_any_moment_nothing_lives_on(milliseconds: int, ground: Ground, mark: str) -> None:
    process = parent(ground, f"exec -a {mark} sleep 600")
    assert process.stdout is not None
    process.stdout.readline()  # it is about to start the sandbox
    await asyncio.sleep(milliseconds / 1000)
    process.kill()
    process.communicate()

    def ended() -> bool:
        end_leftovers(BEGIN.encode())  # as the next agent does
        return not alive(mark)

    await until(ended)
