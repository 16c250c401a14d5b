"""What a command may use, and what happens when it wants more."""

import pytest

from daemon.domain.sandbox import MIB, Ending
from tests.agents.sandbox.conftest import Ground, Runs

HOLD = "import signal; signal.pause()"


async def test_the_wall_clock_ends_a_command(run_in_each_mode: Runs) -> None:
    completed = await run_in_each_mode(["sleep", "600"], seconds=0.3)
    assert (completed.ending, completed.status) == (Ending.TIMEOUT, 137)


async def test_what_was_written_before_the_end_is_kept(run_in_each_mode: Runs) -> None:
    completed = await run_in_each_mode(["bash", "-c", "echo begun; exec sleep 600"], seconds=1)
    assert (completed.ending, completed.stdout) == (Ending.TIMEOUT, b"begun\n")


async def test_one_process_that_takes_too_much_memory_gets_no_more(run_in_each_mode: Runs) -> None:
    code = "try:\n    bytearray(400 << 20); print('GOT')\nexcept MemoryError:\n    print('refused')"
    assert (await run_in_each_mode(["python3", "-c", code], memory=100 * MIB)).stdout == b"refused\n"
    assert (await run_in_each_mode(["python3", "-c", code], memory=800 * MIB)).stdout == b"GOT\n"


MANY = f"""
import os, signal
for _ in range(6):
    if not os.fork():
        held = bytearray(os.urandom(1 << 20) * 60)
        {HOLD}
{HOLD}
"""
SHARED = f"""
import mmap
held = mmap.mmap(-1, 400 << 20)
for _ in range(400):
    held.write(b'x' * (1 << 20))
{HOLD}
"""
IN_FILES = f"""
import os
for n in range(9):
    try:
        open(f'/tmp/{{n}}', 'wb').write(bytes(30 << 20))
        open(f'/dev/shm/{{n}}', 'wb').write(bytes(30 << 20))
    except OSError:
        pass
held = bytearray(b'x' * (60 << 20))
{HOLD}
"""


@pytest.mark.parametrize("code", [MANY, SHARED, IN_FILES], ids=["many processes", "shared memory", "files in memory"])
async def test_memory_is_counted_together(code: str, run_in_each_mode: Runs) -> None:
    completed = await run_in_each_mode(["python3", "-c", code], memory=200 * MIB, seconds=60)
    assert (completed.ending, completed.status) == (Ending.STOPPED, 137)
    assert b"of memory; 200 are allowed" in completed.stderr


async def test_memory_that_processes_share_is_counted_once(run_in_each_mode: Runs) -> None:
    code = """
import os
held = bytearray(os.urandom(1 << 20) * 100)
for _ in range(5):
    if not os.fork():
        import time
        end = time.monotonic() + 0.4
        while time.monotonic() < end:
            sum(held[:4096])
        os._exit(0)
for _ in range(5):
    os.wait()
print('done')
"""
    completed = await run_in_each_mode(["python3", "-c", code], memory=300 * MIB)
    assert completed.stdout == b"done\n", completed


async def test_a_fork_bomb_ends(run_in_each_mode: Runs) -> None:
    completed = await run_in_each_mode(
        ["bash", "-c", "bomb() { bomb | bomb & }; bomb; sleep 600"], processes=64, seconds=2
    )
    refused_by_the_kernel = b"Resource temporarily unavailable" in completed.stderr
    assert completed.ending is Ending.STOPPED or refused_by_the_kernel, completed


async def test_threads_count_as_processes(run_in_each_mode: Runs) -> None:
    code = f"""
import threading
begun = 0
try:
    for begun in range(200):
        threading.Thread(target=threading.Event().wait, daemon=True).start()
    {HOLD}
except RuntimeError:
    print('refused')
"""
    completed = await run_in_each_mode(["python3", "-c", code], processes=40, seconds=30)
    assert completed.ending is Ending.STOPPED or completed.stdout == b"refused\n", completed


async def test_a_file_does_not_grow_above_its_limit(run_in_each_mode: Runs, ground: Ground) -> None:
    code = "try:\n    open('big', 'wb').write(bytes(3 << 20))\nexcept OSError as error:\n    print(error.errno)"
    completed = await run_in_each_mode(["python3", "-c", code], file_size=MIB)
    assert completed.stdout == b"27\n"
    assert (ground.workspace / "big").stat().st_size <= MIB


async def test_open_files_are_limited(run_in_each_mode: Runs) -> None:
    code = """
held = []
try:
    while True:
        held.append(open('/dev/null'))
except OSError:
    print(len(held) < 20)
"""
    assert (await run_in_each_mode(["python3", "-c", code], open_files=20)).stdout == b"True\n"


async def test_tmp_does_not_take_more_than_half_of_the_memory(run_in_each_mode: Runs) -> None:
    code = "import os; size = os.statvfs('/tmp'); print(size.f_blocks * size.f_frsize)"
    assert int((await run_in_each_mode(["python3", "-c", code], memory=64 * MIB)).stdout) == 32 * MIB


@pytest.mark.parametrize("place", ["/", "/dev", "/proc", "/run", "/var"])
async def test_there_is_no_other_memory_to_fill(place: str, run_in_each_mode: Runs) -> None:
    completed = await run_in_each_mode(["touch", f"{place}/filled"])
    assert completed.status == 1
    assert b"Read-only file system" in completed.stderr or b"No such file" in completed.stderr


async def test_long_output_keeps_its_head_and_its_tail(run_in_each_mode: Runs) -> None:
    completed = await run_in_each_mode(["seq", "1000"], output=1000)
    assert completed.stdout.startswith(b"1\n2\n")
    assert completed.stdout.endswith(b"\n999\n1000\n")
    assert b"[... 2893 bytes cut out here ...]" in completed.stdout
    assert completed.ending is Ending.EXITED


async def test_a_flood_of_output_is_stopped(run_in_each_mode: Runs) -> None:
    completed = await run_in_each_mode(["yes"], output=4096, seconds=60)
    assert (completed.ending, completed.status) == (Ending.OUTPUT, 137)
    assert len(completed.stdout) < 4096 + 60


async def test_a_flood_of_errors_is_stopped(run_in_each_mode: Runs) -> None:
    completed = await run_in_each_mode(["bash", "-c", "yes >&2"], output=4096, seconds=60)
    assert completed.ending is Ending.OUTPUT
