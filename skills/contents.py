"""What lies in a skill's folder.

No link is ever followed and nothing but a regular file is ever opened, so that a hostile folder can neither show
us what lies outside of it nor keep us waiting.
"""

import hashlib
import os
import posixpath
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from daemon.domain.errors import BadInput
from skills.visible import quoted

MAX_ENTRIES = 2_000
MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 12
_PIECE = 1024 * 1024
_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Without O_NONBLOCK a FIFO that took the place of a file would keep us waiting for ever.
_FILE_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Kind(StrEnum):
    """What an entry is; the value is its letter in the digest."""

    FILE = "f"
    PROGRAM = "x"
    LINK = "l"
    SPECIAL = "s"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the folder: `path` is relative with slashes, `target` what a link says.

    `stamp` (inode, size in bytes, times of change in nanoseconds) differs after every change.
    """

    path: str
    kind: Kind
    size: int
    stamp: tuple[int, ...]
    target: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """The entries of a folder, sorted by path; folders themselves are not among them."""

    entries: tuple[Entry, ...]

    def newest(self) -> int:
        """Give when the last change happened, in nanoseconds since the epoch; 0 for an empty folder."""
        return max((entry.stamp[-1] for entry in self.entries), default=0)

    def special(self) -> list[str]:
        """Give the paths of devices, FIFOs and sockets."""
        return [entry.path for entry in self.entries if entry.kind is Kind.SPECIAL]

    def strays(self) -> list[str]:
        """Give the paths of links that lead to no file of this folder."""
        return [entry.path for entry in self.entries if entry.kind is Kind.LINK and not self.file(entry.path)]

    def file(self, path: str) -> str | None:
        """Give the regular file of this folder that `path` names, also by one link; None when there is none."""
        by_path = {entry.path: entry for entry in self.entries}
        entry = by_path.get(path)
        if entry is not None and entry.kind is Kind.LINK:
            entry = by_path.get(posixpath.normpath(posixpath.join(posixpath.dirname(path), entry.target)))
        if entry is None or entry.kind not in (Kind.FILE, Kind.PROGRAM):
            return None
        return entry.path


def survey(folder: Path) -> Contents:
    """List what lies in `folder`; raises BadInput when it is too much or too deep, OSError when unreadable."""
    found: list[Entry] = []
    with _opened(folder) as root:
        _walk(root, "", 0, found)
    if sum(entry.size for entry in found) > MAX_BYTES:
        raise BadInput(f"The folder holds more than {MAX_BYTES // 1024**2} MiB.", "Take out what is not needed.")
    return Contents(tuple(sorted(found, key=lambda entry: os.fsencode(entry.path))))


def _walk(folder: int, prefix: str, depth: int, found: list[Entry]) -> None:
    if depth > MAX_DEPTH:
        raise BadInput(f"Folders lie in folders more than {MAX_DEPTH} deep.", "Make it flatter.")
    inner: list[str] = []
    with os.scandir(folder) as listing:
        for item in listing:
            if len(found) + len(inner) >= MAX_ENTRIES:
                raise BadInput(f"The folder holds more than {MAX_ENTRIES} files.", "Take out what is not needed.")
            if item.is_dir(follow_symlinks=False):
                inner.append(item.name)
            else:
                found.append(_entry(folder, prefix + item.name, item))
    for name in inner:
        below = os.open(name, _FOLDER_FLAGS, dir_fd=folder)
        try:
            _walk(below, f"{prefix}{name}/", depth + 1, found)
        finally:
            os.close(below)


def _entry(folder: int, path: str, item: os.DirEntry[str]) -> Entry:
    status = item.stat(follow_symlinks=False)
    stamp = (status.st_ino, status.st_mode, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    if stat.S_ISLNK(status.st_mode):
        return Entry(path, Kind.LINK, 0, stamp, os.readlink(item.name, dir_fd=folder))
    if not stat.S_ISREG(status.st_mode):
        return Entry(path, Kind.SPECIAL, 0, stamp)
    kind = Kind.PROGRAM if status.st_mode & stat.S_IXUSR else Kind.FILE
    return Entry(path, kind, status.st_size, stamp)


def read_file(folder: Path, path: str, most: int) -> bytes:
    """Read a regular file of the folder; raises BadInput when it has more than `most` bytes."""
    with _opened(folder) as root:
        data = b"".join(_pieces(root, path, most + 1))
    if len(data) > most:
        raise BadInput(f"{quoted(path)} has more than {most // 1024} KiB.", "Move its parts to files of their own.")
    return data


def digest(folder: Path, contents: Contents) -> str:
    """Give the SHA-256 in hex over the sorted paths, kinds (executable or not) and bytes of all files.

    Links count by what they say, since they decide what runs; special files count by their being there.
    Lengths stand before paths and bytes, so that no two folders give the same stream.
    """
    total = hashlib.sha256()
    with _opened(folder) as root:
        for entry in contents.entries:
            path = os.fsencode(entry.path)
            total.update(b"%d %s %s" % (len(path), path, entry.kind.encode()))
            if entry.kind in (Kind.FILE, Kind.PROGRAM):
                total.update(_content(root, entry))
            elif entry.kind is Kind.LINK:
                target = os.fsencode(entry.target)
                total.update(b"%d %s" % (len(target), target))
    return total.hexdigest()


def _content(root: int, entry: Entry) -> bytes:
    inner = hashlib.sha256()
    for piece in _pieces(root, entry.path, MAX_BYTES + 1):
        inner.update(piece)
    return inner.digest()


def _pieces(root: int, path: str, most: int) -> Iterator[bytes]:
    """Read at most `most` bytes, opening folder by folder so that no part of the path can be a link."""
    *folders, name = path.split("/")
    opened: list[int] = []
    try:
        for part in folders:
            opened.append(os.open(part, _FOLDER_FLAGS, dir_fd=opened[-1] if opened else root))
        file = os.open(name, _FILE_FLAGS, dir_fd=opened[-1] if opened else root)
        opened.append(file)
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise BadInput(f"{quoted(path)} is no regular file.", "Put a plain file there.")
        while most > 0 and (piece := os.read(file, min(most, _PIECE))):
            most -= len(piece)
            yield piece
    finally:
        for descriptor in reversed(opened):
            os.close(descriptor)


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, _FOLDER_FLAGS)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
