"""By how much commands get over their limits before they are stopped: `python -m tests.agents.sandbox.overshoot`.

Everything that takes more than it may runs in the sandbox; where nothing of the kernel's holds there, the whole
program should be run under a limit of its own.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

from agents.sandbox.bubblewrap import Bubblewrap
from daemon.domain.sandbox import MIB, Box, BoxLimits, Command, Completed

BOMB = """
import os, signal
sent = 0
while sent < 3000:
    sent += 1
    try:
        if not os.fork():
            os.write(1, b'x')
            signal.pause()
    except OSError:
        pass
"""
MEMORY = """
import mmap, os, signal
for _ in range(8):
    if not os.fork():
        held = mmap.mmap(-1, 512 << 20)
        for n in range(512):
            held.write(b'x' * (1 << 20))
            os.write(1, b'x')
        signal.pause()
signal.pause()
"""
DISK = """
import itertools
for n in itertools.count():
    with open(str(n), 'wb') as file:
        for _ in range(50):
            file.write(bytes(1 << 20))
"""
INODES = """
import itertools, os
for n in itertools.count():
    os.mkdir(str(n))
    for k in range(500):
        os.close(os.open(f'{n}/{k}', os.O_CREAT | os.O_WRONLY))
"""
OUTPUT = "import os\nwhile True: os.write(1, bytes(65536))"
TIME = "import signal; signal.pause()"


@dataclass(frozen=True)
class Overshoot:
    """What was allowed and what was reached; in the unit that `what` names."""

    what: str
    allowed: float
    reached: float

    @property
    def over(self) -> float:
        return self.reached - self.allowed

    def __str__(self) -> str:
        share = 100 * self.over / self.allowed
        return f"{self.what:12} {self.allowed:10,.2f} allowed {self.reached:10,.2f} reached {share:+7.1f} %"


def on_disk(folder: Path) -> tuple[int, int]:
    """Give the allocated bytes and the number of what lies below a folder."""
    found = [path.lstat() for path in folder.rglob("*")]
    return sum(about.st_blocks for about in found) * 512, len(found)


async def measure(sandbox: Bubblewrap, top: Path) -> AsyncIterator[Overshoot]:
    """Try every limit once, each in a workspace of its own below `top`."""
    limits = BoxLimits(
        seconds=20, processes=64, memory=256 * MIB, output=MIB, disk=256 * MIB, inodes=20_000, file_size=1024 * MIB
    )
    for what, code, allowed, reached in _TRIES:
        with tempfile.TemporaryDirectory(dir=top) as folder:
            workspace = Path(folder)
            short = BoxLimits(seconds=1.0) if what == "seconds" else limits
            completed = await sandbox.run(Command(("python3", "-c", code)), Box(workspace, limits=short))
            yield Overshoot(what, allowed(short), reached(completed, workspace))


_TRIES: tuple[
    tuple[str, str, Callable[[BoxLimits], float], Callable[[Completed, Path], float]],
    ...,
] = (
    ("processes", BOMB, lambda most: most.processes, lambda done, _: done.stdout.count(b"x") + 1),
    ("memory MiB", MEMORY, lambda most: most.memory / MIB, lambda done, _: done.stdout.count(b"x")),
    ("disk MiB", DISK, lambda most: most.disk / MIB, lambda _, folder: on_disk(folder)[0] / MIB),
    ("inodes", INODES, lambda most: most.inodes, lambda _, folder: on_disk(folder)[1]),
    ("output MiB", OUTPUT, lambda most: most.output / MIB, lambda done, _: len(done.stdout) / MIB),
    ("seconds", TIME, lambda most: most.seconds, lambda done, _: done.seconds),
)


async def main() -> None:
    """Print every limit in every way that this machine has."""
    for name, groups, numbers in (
        ("as it is here", True, True),
        ("without control groups", False, True),
        ("only by measuring", False, False),
    ):
        print(f"\n{name}, user {os.geteuid()}")
        with tempfile.TemporaryDirectory() as top:
            async for one in measure(Bubblewrap(groups=groups, numbers=numbers), Path(top)):
                print(one, flush=True)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
