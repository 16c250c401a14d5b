"""A control group for each command: the kernel refuses what is more than its limits (cgroups(7)).

Each group is held by a lock of its maker, which goes when the maker dies, however it dies: so the next one knows which
groups are left over, also in another process namespace.
"""

import fcntl
import os
import secrets
import signal
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from agents.sandbox.hierarchy import Hierarchy
from daemon.domain.sandbox import MIB, BoxLimits

_NAME = "agent-sandbox-"
_OWN = 4 * MIB  # for the first process, which is bwrap's, and what the kernel keeps of all of them
_ATTEMPTS = 100


@dataclass(frozen=True, slots=True)
class _Part:
    """The folder of a group in one hierarchy, held open and locked."""

    folder: Path
    version: int
    controllers: tuple[str, ...]
    lock: int


class Group:
    """The group of one command, in one hierarchy or two; close it when the command is dead."""

    def __init__(self, places: Sequence[Hierarchy], limits: BoxLimits) -> None:
        """Make it; raises OSError where that is not allowed after all."""
        self._parts: list[_Part] = []
        name = _NAME + secrets.token_hex(8)
        try:
            for place in places:
                self._parts.append(_made(place, name))
                _limit(self._parts[-1], limits)
        except OSError:
            self.close()
            raise

    @property
    def controllers(self) -> frozenset[str]:
        """Name what the kernel limits: "pids", "memory"."""
        return frozenset(name for part in self._parts for name in part.controllers)

    def take(self, pid: int) -> None:
        """Put a process into it, and so all that it will start; raises OSError."""
        for part in self._parts:
            _write(part.folder / "cgroup.procs", str(pid))

    def starved(self) -> bool:
        """Say whether the kernel ended a process of it for want of memory."""
        return any(_number(part, "memory.oom_control", "memory.events", "oom_kill") for part in self._parts)

    def most_tasks(self) -> int:
        """Give how many processes and threads it had at most; 0 where that is not counted."""
        return max((_number(part, "pids.peak", "pids.peak") for part in self._parts), default=0)

    def most_memory(self) -> int:
        """Give how many bytes it used at most; 0 where that is not counted."""
        return max((_number(part, "memory.max_usage_in_bytes", "memory.peak") for part in self._parts), default=0)

    def close(self) -> None:
        """Kill what is left in it and take it away; what cannot be removed now is found by the next sweep."""
        for part in self._parts:
            _clear(part.folder)
            os.close(part.lock)
        self._parts.clear()


def sweep(places: Sequence[Hierarchy]) -> None:
    """Take away the groups of makers that are dead, with whatever lives in them."""
    for place in places:
        for folder in place.folder.glob(f"{_NAME}*"):
            with suppress(OSError):  # it went meanwhile, or somebody holds it
                lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    _clear(folder)
                finally:
                    os.close(lock)


def _made(place: Hierarchy, name: str) -> _Part:
    folder = place.folder / name
    folder.mkdir()
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    return _Part(folder, place.version, place.controllers, lock)


def _limit(part: _Part, limits: BoxLimits) -> None:
    memory = str(limits.memory + _OWN)
    if "pids" in part.controllers:
        _write(part.folder / "pids.max", str(limits.processes + 1))  # one process is bwrap's own
    if "memory" in part.controllers:
        if part.version == 1:
            _write(part.folder / "memory.limit_in_bytes", memory)
            _write_if_there(part.folder / "memory.memsw.limit_in_bytes", memory)
        else:
            _write(part.folder / "memory.max", memory)
            _write_if_there(part.folder / "memory.swap.max", "0")
            _write_if_there(part.folder / "memory.oom.group", "1")


def _clear(folder: Path) -> None:
    """Remove, and kill what is in it before.

    That is done at once in version 2; in version 1 nothing can be started meanwhile, or it is done again.
    """
    with suppress(OSError):
        folder.rmdir()  # mostly nobody is left
        return
    _write_if_there(folder / "pids.max", "0")
    _write_if_there(folder / "cgroup.kill", "1")
    for _ in range(_ATTEMPTS):
        with suppress(OSError):
            folder.rmdir()
            return
        if not folder.exists():
            return
        for held in _inside(folder):
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(held, signal.SIGKILL)
            os.close(held)


def _inside(folder: Path) -> Iterator[int]:
    """Give a hold of each process in the group, so that a number that has passed to another is nobody's end."""
    try:
        pids = [int(word) for word in (folder / "cgroup.procs").read_text("ascii").split()]
    except OSError:
        return
    for pid in pids:
        try:
            held = os.pidfd_open(pid)
        except OSError:
            continue
        if folder.name in _groups_of(pid):
            yield held
        else:
            os.close(held)


def _groups_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cgroup").read_text("utf-8", "surrogateescape")
    except OSError:
        return ""


def _number(part: _Part, first: str, second: str, key: str = "") -> int:
    """Read a figure by its file's name in version 1 or 2; with a `key` from the line that begins with it."""
    try:
        words = (part.folder / (first if part.version == 1 else second)).read_text("ascii").split()
    except OSError:
        return 0
    if not key:
        return int(words[0])
    return int(words[words.index(key) + 1]) if key in words else 0


def _write(path: Path, text: str) -> None:
    """Write to a file that the kernel has made; never makes one."""
    file = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(file, text.encode())
    finally:
        os.close(file)


def _write_if_there(path: Path, text: str) -> None:
    with suppress(OSError):
        _write(path, text)
