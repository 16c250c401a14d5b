"""What the snapshots of one run are made of: contents and manifests by their digests, and the roots in their order.

Everything is written beside its place and moved into it, so that what is there is whole after a kill. It is not synced
to the disk: what a power loss takes is noticed when it is brought back, since everything is checked against its name.
"""

import contextlib
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from daemon.domain.errors import NoSnapshot
from daemon.engine import contents
from daemon.engine.manifest import Entry, Kind, entries_of, text_of

_AT_ONCE = 1024 * 1024
"""Bytes up to which a file is read for its name before it is copied, since it may be there already."""
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_BLOCK = 512


class ObjectStore:
    """The folder `run-K.snapshots`, which only the agent sees."""

    def __init__(self, folder: Path) -> None:
        """Work in `folder`; `prepare` makes it."""
        self._folder = folder
        self._coming = str(folder / "coming")
        self._size: int | None = None
        self._grown = False
        self._shares = True
        self._made: set[str] = set()
        self._token = secrets.token_hex(4)
        self._number = 0

    def prepare(self) -> None:
        """Make the folders, for the owner alone, and clear away what a kill left half done."""
        for name in ("", "objects", "manifests", "roots"):
            (self._folder / name).mkdir(mode=0o700, exist_ok=True)
        shutil.rmtree(self._coming, ignore_errors=True)
        Path(self._coming).mkdir(mode=0o700)

    def spare(self) -> str:
        """Give a path that nothing has, for what is on its way to its place or out of it."""
        self._number += 1
        return f"{self._coming}/{self._token}-{self._number}"

    def keep(self, source: int, size: int) -> str:
        """Keep the bytes of an open file; gives their name."""
        if size <= _AT_ONCE:
            digest = contents.digest_of(source, size)
            if self.holds(digest, size):
                return digest
        spare = self.spare()
        target = os.open(spare, _NEW, 0o600)
        try:
            digest = self._copied(source, target, size)
            self._place(spare, "objects", digest, os.fstat(target).st_blocks * _BLOCK)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(spare).unlink()
            raise
        finally:
            os.close(target)
        return digest

    def holds(self, digest: str, size: int) -> bool:
        """Say whether the bytes of that name are there."""
        try:
            return os.lstat(self._path("objects", digest)).st_size == size
        except OSError:
            return False

    def bring(self, entry: Entry, folder: int) -> None:
        """Put a file into an open folder, in the place of what has its name there; raises NoSnapshot, OSError."""
        spare = self.spare()
        try:
            source = os.open(self._path("objects", entry.content), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as problem:
            raise gone() from problem
        target = os.open(spare, _NEW, 0o600)
        try:
            if self._copied(source, target, entry.size) != entry.content:
                raise gone()
            os.fchmod(target, entry.mode)
            os.utime(target, ns=(entry.mtime_ns, entry.mtime_ns))
        finally:
            os.close(source)
            os.close(target)
        os.rename(spare, entry.name, dst_dir_fd=folder)

    def write(self, entries: tuple[Entry, ...]) -> str:
        """Keep a manifest; gives its name."""
        text = text_of(entries)
        digest = hashlib.sha256(text).hexdigest()
        path = Path(self._path("manifests", digest))
        if not path.exists():
            spare = Path(self.spare())
            spare.write_bytes(text)
            self._place(str(spare), "manifests", digest, spare.stat().st_blocks * _BLOCK)
        return digest

    def read(self, digest: str) -> tuple[Entry, ...]:
        """Give a manifest; raises NoSnapshot where it is gone or damaged."""
        try:
            text = Path(self._path("manifests", digest)).read_bytes()
        except OSError as problem:
            raise gone() from problem
        if hashlib.sha256(text).hexdigest() != digest:
            raise gone()
        return entries_of(text)

    def note(self, digest: str) -> None:
        """Make this manifest the newest root."""
        root = self._folder / "roots" / digest
        root.touch(mode=0o600)
        now = time.time_ns()
        os.utime(root, ns=(now, now))

    def has_root(self, digest: str) -> bool:
        """Say whether this snapshot was taken and has not been dropped."""
        return (self._folder / "roots" / digest).exists()

    def trim(self, most: int) -> None:
        """Drop the oldest roots where everything takes more than `most` bytes, down to three quarters of it.

        The newest root always stays.
        """
        if not self._grown:
            return
        self._grown = False
        if self._size is None:
            self._size = sum(os.lstat(path).st_blocks * _BLOCK for path in self._all())
        if self._size <= most:
            return
        roots = sorted((self._folder / "roots").iterdir(), key=lambda root: root.stat().st_mtime_ns, reverse=True)
        kept: set[str] = set()
        size = 0
        for position, root in enumerate(roots):
            more = self._reached(root.name, kept)
            size += sum(_allocated(path) for path in more)
            if position and size > most * 3 // 4:
                root.unlink()
                size = most  # What is older goes as well.
            else:
                kept |= more
        for path in self._all():
            if path not in kept:
                Path(path).unlink()
        self._size = sum(_allocated(path) for path in kept)

    def _reached(self, digest: str, known: set[str]) -> set[str]:
        """Give the files that a manifest speaks of and that are not known yet, with itself."""
        found: set[str] = set()
        waiting = [digest]
        while waiting:
            path = self._path("manifests", waiting.pop())
            if path in known or path in found:
                continue
            found.add(path)
            with contextlib.suppress(OSError, ValueError):
                for entry in entries_of(Path(path).read_bytes()):
                    if entry.kind is Kind.FOLDER:
                        waiting.append(entry.content)
                    elif entry.kind is Kind.FILE:
                        found.add(self._path("objects", entry.content))
        return found - known

    def _all(self) -> Iterator[str]:
        for place in ("objects", "manifests"):
            for above, _, names in os.walk(self._folder / place):
                yield from (f"{above}/{name}" for name in names)

    def _copied(self, source: int, target: int, size: int) -> str:
        """Fill an empty file; what is shared is read again, so that the name is that of what was really taken."""
        if self._shares:
            self._shares = contents.shared(source, target)
        if self._shares:
            os.ftruncate(target, size)
            return contents.digest_of(target, size)
        return contents.copy(source, target, size)

    def _place(self, spare: str, kind: str, digest: str, allocated: int) -> None:
        path = self._path(kind, digest)
        above = path.rpartition("/")[0]
        if above not in self._made:
            Path(above).mkdir(mode=0o700, exist_ok=True)
            self._made.add(above)
        Path(spare).rename(path)
        self._grown = True
        if self._size is not None:
            self._size += allocated

    def _path(self, kind: str, digest: str) -> str:
        return f"{self._folder}/{kind}/{digest[-2:]}/{digest}"


def gone() -> NoSnapshot:
    """Say that a snapshot cannot be brought back."""
    return NoSnapshot("This snapshot is not there any more, or not whole.")


def _allocated(path: str) -> int:
    try:
        return os.lstat(path).st_blocks * _BLOCK
    except OSError:
        return 0
