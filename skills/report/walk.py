"""A walk over a folder that any tree survives: links not followed, mounts not crossed, hard links counted once.

Memory is bounded by the largest folder's names and the number of hard-linked files, not by the number of files. Names
are bytes, in the order of the bytes, so that the same tree gives the same walk.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from skills.report.script import Unusable
from skills.report.visible import visible

_EXAMPLES = 12
_MOST_LINKS = 1_000_000


@dataclass(frozen=True, slots=True)
class File:
    """A regular file: path below the root, apparent and allocated bytes, time of its last change, folders above it.

    `first` is off for a further name of a file that was counted already.
    """

    path: bytes
    size: int
    allocated: int
    modified: float
    depth: int
    first: bool = True

    @property
    def name(self) -> bytes:
        """Give the last part of the path."""
        return self.path.rpartition(b"/")[2]


@dataclass(slots=True)
class Folder:
    """A folder, when the walk leaves it: totals of all below it, apparent (`size`) and allocated bytes.

    `own` are the allocated bytes of the files directly in it.
    """

    path: bytes
    depth: int
    files: int = 0
    folders: int = 0
    size: int = 0
    allocated: int = 0
    own: int = 0
    newest: float = 0.0

    @property
    def name(self) -> bytes:
        """Give the last part of the path."""
        return self.path.rpartition(b"/")[2]

    def take_in(self, other: "Folder") -> None:
        """Add the totals of a folder within."""
        self.files += other.files
        self.folders += other.folders + 1
        self.size += other.size
        self.allocated += other.allocated
        self.newest = max(self.newest, other.newest)

    def count(self, file: File) -> None:
        """Add a file."""
        self.files += 1
        self.newest = max(self.newest, file.modified)
        if file.first:
            self.size += file.size
            self.allocated += file.allocated
            self.own += file.allocated


@dataclass(slots=True)
class Remarks:
    """What the walk met beside files and folders; examples are paths below the root."""

    unreadable: int = 0
    unreadable_examples: list[bytes] = field(default_factory=list)
    mounts: list[bytes] = field(default_factory=list)
    links: int = 0
    special: int = 0
    repeated: int = 0

    def cannot_read(self, path: bytes) -> None:
        """Note something that could not be read."""
        self.unreadable += 1
        if len(self.unreadable_examples) < _EXAMPLES:
            self.unreadable_examples.append(path)


@dataclass(slots=True)
class _Frame:
    folder: Folder
    names: Iterator[bytes]


class Walk:
    """One walk over the tree below a folder."""

    def __init__(self, root: str) -> None:
        """Begin at `root`; raises Unusable where it is no folder or cannot be read."""
        if not root:
            raise Unusable("No folder was given.", "Name the folder that is meant.")
        self.root = os.fsencode(os.path.realpath(root))
        self.title = shown(self.root)
        self.remarks = Remarks()
        self._seen: set[tuple[int, int]] = set()
        if not Path(root).is_dir():
            raise Unusable(f"“{visible(root)}” is no folder that is seen here.", "Name a folder that exists.")
        self._device = Path(root).stat().st_dev
        try:
            self._first = _names(self.root)
        except OSError as problem:
            reason = problem.strerror or "unknown error"
            raise Unusable(
                f"The folder “{self.title}” cannot be read: {reason}.", "Allow reading it, or name another."
            ) from problem

    def __iter__(self) -> Iterator[File | Folder]:
        """Give each file, and each folder after all that is in it; the last one is the root."""
        stack = [_Frame(Folder(b"", 0), iter(self._first))]
        while stack:
            frame = stack[-1]
            name = next(frame.names, None)
            if name is None:
                stack.pop()
                if stack:
                    stack[-1].folder.take_in(frame.folder)
                yield frame.folder
                continue
            path = frame.folder.path + b"/" + name if frame.folder.path else name
            found = self._look(path, frame.folder.depth)
            if isinstance(found, File):
                frame.folder.count(found)
                yield found
            elif found is not None:
                stack.append(found)

    def absolute(self, path: bytes) -> bytes:
        """Give where a path below the root lies."""
        return self.root.rstrip(b"/") + b"/" + path if path else self.root

    def _look(self, path: bytes, depth: int) -> File | _Frame | None:
        try:
            found = os.lstat(self.absolute(path))
            if stat.S_ISDIR(found.st_mode):
                if found.st_dev != self._device:
                    self.remarks.mounts.append(path)
                    return None
                return _Frame(Folder(path, depth + 1), iter(_names(self.absolute(path))))
        except OSError:
            self.remarks.cannot_read(path)
            return None
        if stat.S_ISREG(found.st_mode):
            first = self._first_name(found)
            return File(path, found.st_size, found.st_blocks * 512, found.st_mtime, depth, first)
        if stat.S_ISLNK(found.st_mode):
            self.remarks.links += 1
        else:
            self.remarks.special += 1
        return None

    def _first_name(self, found: os.stat_result) -> bool:
        if found.st_nlink < 2:
            return True
        key = (found.st_dev, found.st_ino)
        if key in self._seen:
            self.remarks.repeated += 1
            return False
        if len(self._seen) < _MOST_LINKS:
            self._seen.add(key)
        return True


def _names(folder: bytes) -> list[bytes]:
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries)


def shown(path: bytes) -> str:
    """Give a path or a name for reading, whatever bytes it has."""
    return visible(os.fsdecode(path))
