"""How much a command adds to the disk, without quotas of the file system.

The free blocks and files of a file system are asked for often, since that costs nothing and sees what is not written
out yet (statvfs(3)). Others write to the same disk; so only when it moved much the folders are walked, and what was
changed since the start is counted. The smaller of the two is taken for the command's.
"""

import os
import stat
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from daemon.domain.sandbox import MIB, BoxLimits

_BLOCK = 512  # of st_blocks
_COARSE = 20_000_000  # nanoseconds by which the time of a change may be early: it is that of the last tick
_LITTLE = 1 / 64  # of the limit: what is not worth a walk
_LEFT = 128 * MIB  # of a disk, which the machine needs itself
_LATE = 48 * MIB  # what the fastest writer adds while a look is late
_BLIND = 0.5  # seconds between walks where the file system does not count its files (btrfs)
_FASTEST = 6_000 * MIB  # bytes in a second, into memory that is not written out yet
_FASTEST_FILES = 100_000  # in a second


@dataclass(frozen=True, slots=True)
class Written:
    """Allocated bytes, and files and folders."""

    size: int = 0
    inodes: int = 0


@dataclass(slots=True)
class _Free:
    """What one file system had at the last look, and how much of it went since the start, returned or not."""

    place: Path
    size: int
    inodes: int
    counts_inodes: bool
    gone: int = 0
    gone_inodes: int = 0

    def look(self) -> None:
        """Add what went since the last look."""
        now = os.statvfs(self.place)
        size, inodes = now.f_bfree * now.f_frsize, now.f_ffree
        self.gone += max(0, self.size - size)
        self.gone_inodes += max(0, self.inodes - inodes)
        self.size, self.inodes = size, inodes


class Disk:
    """Watches what one command adds to `folders`, which are real paths."""

    def __init__(self, folders: Sequence[Path], limits: BoxLimits) -> None:
        """Begin now."""
        self._folders = folders
        self._most = Written(limits.disk, limits.inodes)
        self._since = time.time_ns() - _COARSE
        self._systems: dict[int, _Free] = {}
        for folder in folders:
            about = os.statvfs(folder)
            free = _Free(folder, about.f_bfree * about.f_frsize, about.f_ffree, about.f_files > 0)
            self._systems.setdefault(folder.stat().st_dev, free)
        self._known = Written()
        self._gone_then = Written()
        self._walked = time.monotonic()
        self._cost = 0.0
        self.closed = Event()

    def look(self) -> None:
        """Ask the file systems; cheap."""
        for system in self._systems.values():
            system.look()

    def nearly_full(self) -> bool:
        """Say whether a disk is nearly full and was filled since the start."""
        return any(one.size < _LEFT < one.gone for one in self._systems.values())

    @property
    def is_decisive(self) -> bool:
        """Say whether so much went since the last count that the command may be above its limit, or soon is.

        A look can be late by a few hundredths of a second, in which a fast writer passes the limit by a lot: so the
        last part of the room is decided before it is used, half by half.
        """
        since, decided = self._since_then(), self._decided_at()
        return since.size >= decided.size or since.inodes >= decided.inodes

    @property
    def is_suspicious(self) -> bool:
        """Say whether so much went that it should be counted, as long as counting does not cost too much."""
        now = time.monotonic()
        if now - self._walked < 10 * self._cost:
            return False
        if now - self._walked > _BLIND and not all(one.counts_inodes for one in self._systems.values()):
            return True
        since, room = self._since_then(), self._room()
        return since.size > max(room.size // 2, self._most.size * _LITTLE) or since.inodes > max(
            room.inodes // 2, self._most.inodes * _LITTLE
        )

    @property
    def soonest(self) -> float:
        """Give the seconds that the fastest writer takes to where it is decided."""
        since, decided = self._since_then(), self._decided_at()
        return min((decided.size - since.size) / _FASTEST, (decided.inodes - since.inodes) / _FASTEST_FILES)

    def count(self, pid: int) -> str:
        """Walk the folders; says why the sandbox of `pid` must end, or nothing. Blocks; see `closed`."""
        began, gone = time.monotonic(), self._gone()
        found = self._changed(pid)
        blind = not all(one.counts_inodes for one in self._systems.values())
        self._known = Written(min(found.size, gone.size), found.inodes if blind else min(found.inodes, gone.inodes))
        self._gone_then = gone
        self._walked = time.monotonic()
        self._cost = self._walked - began
        if self._known.size > self._most.size:
            return f"it wrote {self._known.size // MIB} MiB to the disk; {self._most.size // MIB} are allowed"
        if self._known.inodes > self._most.inodes:
            return f"it made {self._known.inodes} files and folders; {self._most.inodes} are allowed"
        return ""

    def _gone(self) -> Written:
        systems = self._systems.values()
        return Written(sum(one.gone for one in systems), sum(one.gone_inodes for one in systems))

    def _since_then(self) -> Written:
        gone = self._gone()
        return Written(gone.size - self._gone_then.size, gone.inodes - self._gone_then.inodes)

    def _room(self) -> Written:
        return Written(
            max(1, self._most.size - self._known.size),
            max(1, self._most.inodes - self._known.inodes),
        )

    def _decided_at(self) -> Written:
        """Give how much may go since the last count before the command stands still for another."""
        room = self._room()
        return Written(
            max(room.size - min(self._most.size // 4, _LATE), room.size // 2),
            max(room.inodes - self._most.inodes // 20, room.inodes // 2),
        )

    def _changed(self, pid: int) -> Written:
        """Count what was changed since the start, each file once, and what has no name any more."""
        size = inodes = 0
        seen: set[tuple[int, int]] = set()
        for about in self._all(pid):
            key = (about.st_dev, about.st_ino)
            if about.st_ctime_ns < self._since or key in seen:
                continue
            seen.add(key)
            size += about.st_blocks * _BLOCK
            inodes += 1
            if self.closed.is_set():
                break
        return Written(size, inodes)

    def _all(self, pid: int) -> Iterator[os.stat_result]:
        yield from _without_name(pid, set(self._systems))
        waiting = [str(folder) for folder in self._folders]
        while waiting:
            try:
                with os.scandir(waiting.pop()) as listing:
                    entries = list(listing)
            except OSError:
                continue  # it went while we looked
            for entry in entries:
                try:
                    yield entry.stat(follow_symlinks=False)
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                except OSError:
                    continue


def _without_name(pid: int, systems: set[int]) -> Iterator[os.stat_result]:
    """Give the files that were deleted and are still open or mapped in the sandbox of `pid`."""
    for folder in ("fd", "map_files"):
        for link in Path(f"/proc/{pid}/root/proc").glob(f"[0-9]*/{folder}/*"):
            try:
                about = link.stat()
            except OSError:
                continue
            if about.st_nlink == 0 and about.st_dev in systems and stat.S_ISREG(about.st_mode):
                yield about
