"""Whatever passes its limit is ended, whoever measures it; exactly at it where the kernel counts.

By how much it passes where it is only looked at depends on how busy the machine is, so it is printed by
`python -m tests.agents.sandbox.overshoot`; here it is far less than the command would take if nobody looked.
"""

import asyncio
import os

import pytest

from agents.sandbox.bubblewrap import Bubblewrap
from agents.sandbox.pidspace import can_be_limited
from daemon.domain.sandbox import MIB, Box, BoxLimits, Command, Ending
from daemon.domain.task import Folder
from tests.agents.sandbox.conftest import Ground, Runs
from tests.agents.sandbox.overshoot import BOMB, DISK, INODES, MEMORY, on_disk
from tests.agents.sandbox.test_endings import until

BOUNDED = BOMB.replace("3000", "200")
UNWATCHED = 1024 * MIB
"""What the disk may hold at the end: a command that nobody ends fills it."""


async def test_processes_stop_at_their_limit(run_in_each_mode: Runs) -> None:
    completed = await run_in_each_mode(["python3", "-c", BOUNDED], processes=40, seconds=2)
    lived = completed.stdout.count(b"x") + 1
    counted_by_the_kernel = os.geteuid() != 0 or can_be_limited() or completed.ending is Ending.TIMEOUT
    assert lived <= 44 or not counted_by_the_kernel, completed
    assert lived < 200


@pytest.mark.skipif(os.geteuid() != 0, reason="for an ordinary user the kernel always counts")
async def test_where_the_kernel_does_not_count_a_bomb_is_seen_and_ended(ground: Ground) -> None:
    sandbox = Bubblewrap(groups=False, numbers=False)
    box = Box(ground.workspace, limits=BoxLimits(processes=40, seconds=60))
    completed = await sandbox.run(Command(("python3", "-c", BOUNDED)), box)
    assert completed.ending is Ending.STOPPED
    assert b"processes and threads; 40 are allowed" in completed.stderr


async def test_memory_stops_at_its_limit(run_in_each_mode: Runs) -> None:
    completed = await run_in_each_mode(["python3", "-c", MEMORY], memory=192 * MIB, seconds=60)
    assert completed.ending is Ending.STOPPED
    assert b"192 are allowed" in completed.stderr
    assert completed.stdout.count(b"x") < 8 * 512, "it took all that it wanted"


async def test_the_disk_stops_at_its_limit(run_in_each_mode: Runs, ground: Ground) -> None:
    completed = await run_in_each_mode(["python3", "-c", DISK], disk=128 * MIB, seconds=60)
    assert completed.ending is Ending.STOPPED, completed
    assert b"128 are allowed" in completed.stderr
    assert on_disk(ground.workspace)[0] < UNWATCHED


async def test_files_stop_at_their_limit(run_in_each_mode: Runs, ground: Ground) -> None:
    completed = await run_in_each_mode(["python3", "-c", INODES], inodes=10_000, seconds=60)
    assert completed.ending is Ending.STOPPED, completed
    assert b"10000 are allowed" in completed.stderr
    assert on_disk(ground.workspace)[1] < 100_000


UNNAMED = """
import os
for n in range(20):
    file = os.open(str(n), os.O_CREAT | os.O_RDWR)
    os.unlink(str(n))
    for _ in range(50):
        os.write(file, bytes(1 << 20))
os.write(1, b'all')
"""
ALLOCATED = """
import os
for n in range(20):
    os.posix_fallocate(os.open(str(n), os.O_CREAT | os.O_RDWR), 0, 50 << 20)
os.write(1, b'all')
import signal
signal.pause()
"""


@pytest.mark.parametrize("code", [UNNAMED, ALLOCATED], ids=["deleted files", "files that were never written"])
async def test_what_is_not_seen_counts_too(code: str, run: Runs) -> None:
    completed = await run(["python3", "-c", code], disk=128 * MIB, seconds=60)
    assert completed.ending is Ending.STOPPED, completed


async def test_a_writable_folder_counts_with_the_workspace(run: Runs, ground: Ground) -> None:
    code = f"import os; os.chdir({str(ground.open)!r})\n{DISK}"
    completed = await run(["python3", "-c", code], [Folder(str(ground.open), writable=True)], disk=64 * MIB, seconds=60)
    assert completed.ending is Ending.STOPPED, completed
    assert on_disk(ground.open)[0] < UNWATCHED


async def test_what_was_there_before_does_not_count(run: Runs, ground: Ground) -> None:
    (ground.workspace / "old").write_bytes(os.urandom(100 * MIB))
    (ground.workspace / "old").chmod(0o666)
    code = "open('old', 'ab').write(bytes(1 << 20)); open('new', 'wb').write(bytes(20 << 20)); print('done')"
    completed = await run(["python3", "-c", code], disk=40 * MIB)
    assert completed.stdout == b"done\n", completed


async def test_what_was_taken_away_again_does_not_count(run: Runs) -> None:
    code = """
import os
for _ in range(20):
    open('file', 'wb').write(bytes(20 << 20))
    os.unlink('file')
print('done')
"""
    completed = await run(["python3", "-c", code], disk=64 * MIB)
    assert completed.stdout == b"done\n", completed


async def test_what_others_write_to_the_same_disk_does_not_count(ground: Ground, sandbox: Bubblewrap) -> None:
    waiting = "import os, time\nopen('begun', 'w')\nwhile not os.path.exists('go'): time.sleep(0.005)\nprint('done')"
    box = Box(ground.workspace, limits=BoxLimits(disk=32 * MIB))
    running = asyncio.create_task(sandbox.run(Command(("python3", "-c", waiting)), box))
    await until((ground.workspace / "begun").exists)
    await asyncio.to_thread((ground.top / "other").write_bytes, os.urandom(100 * MIB))
    (ground.workspace / "go").touch()
    assert (await running).stdout == b"done\n"


async def test_a_sparse_file_counts_by_what_it_takes(run: Runs) -> None:
    code = "import os; os.truncate(os.open('sparse', os.O_CREAT | os.O_RDWR), 400 << 20); print('done')"
    completed = await run(["python3", "-c", code], disk=16 * MIB)
    assert completed.stdout == b"done\n", completed


@pytest.mark.parametrize("place", ["/tmp", "/dev/shm"])  # noqa: S108 - of the sandbox
async def test_files_in_memory_are_limited_in_number(place: str, run: Runs) -> None:
    code = f"import itertools\nfor n in itertools.count(): open(f'{place}/{{n}}', 'w').close()"
    completed = await run(["python3", "-c", code], inodes=2000, seconds=60)
    assert completed.ending is Ending.STOPPED
    assert b"more than 2000 files" in completed.stderr
