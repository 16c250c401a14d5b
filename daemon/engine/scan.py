"""Reading a workspace, and of it only what changed since the last time.

A folder is known by its inode, a file in it by its name, inode, mode, size and both times: a program can set the time
of its change back, but not the time at which that was done (ctime). What is the same keeps its digest unopened. A file
that was changed so short a time before it was read that a second change could bear the same time is not known.
"""

import contextlib
import errno
import json
import os
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from daemon.domain.errors import NoSnapshot
from daemon.engine import lent
from daemon.engine.manifest import Entry, Kind, entries_from, kind_of
from daemon.engine.object_store import ObjectStore

Facts = tuple[str, int, int, int, int, int]
"""Of an entry: name, st_mode, st_size, st_mtime_ns, st_ctime_ns, st_ino; of a folder only name and mode."""

_DEEPEST = 128
_MOST_ENTRIES = 200_000
_CLOCK_STEP = 20_000_000
"""Nanoseconds by which the time of a change may lag behind the clock, with some room: a tick is 1 to 10 ms."""
_TRIES = 5
_BLOCK = 512
_TYPE = 0o170000
_FOLDER = stat.S_IFDIR


class _MovedError(Exception):
    """Something was changed while it was read."""


@dataclass(frozen=True, slots=True)
class Known:
    """A folder as it was read: facts and entries in the same order, and the digest of its manifest."""

    facts: list[Facts]
    entries: tuple[Entry, ...]
    digest: str

    def stands_with(self, below: dict[str, str]) -> bool:
        """Say whether the folders in it have these manifests."""
        return all(below[entry.name] == entry.content for entry in self.entries if entry.kind is Kind.FOLDER)


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder as it is looked at now, with those below it."""

    inode: int
    facts: list[Facts]
    below: "dict[str, _Folder]"


class Scan:
    """What is known of a workspace; kept in a folder of its own, so that it outlives the process."""

    def __init__(self, workspace: Path, store: ObjectStore, folder: Path) -> None:
        """Read `workspace`, keep its contents in `store`, and what is known in `folder`."""
        self._workspace = workspace
        self._store = store
        # Files that are not synced may be torn after a power loss: what was known before the last start is forgotten.
        self._folder = folder / _boot()
        self._known: dict[int, Known] = {}
        self._kept: set[int] = set()
        self._loaded = False
        self._began = 0
        self._most: int | None = None
        self._device = 0
        self._entries = 0
        self._blocks = 0
        self._visited: set[int] = set()

    def load(self) -> None:
        """Take up what an earlier process knew."""
        if self._loaded:
            return
        self._loaded = True
        if not self._folder.exists():
            shutil.rmtree(self._folder.parent, ignore_errors=True)
            self._folder.mkdir(mode=0o700, parents=True)
        for path in self._folder.iterdir():
            with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
                self._kept.add(int(path.name))
                kept = json.loads(path.read_bytes())
                facts = [(name, *numbers) for name, *numbers in kept["facts"]]
                self._known[int(path.name)] = Known(facts, entries_from(kept["entries"]), kept["digest"])

    def read(self, most: int | None) -> str:
        """Keep the workspace as it is; gives the digest of its root. `most` bytes on the disk are taken.

        Raises NoSnapshot where it is larger, deeper than 128 folders, not readable, or never stands still.
        """
        self.load()
        self._most = most
        for _ in range(_TRIES):
            self._entries, self._blocks, self._visited = 0, 0, set()
            with contextlib.suppress(_MovedError):
                return self._read()
        raise NoSnapshot("Something keeps changing the workspace.", "Wait until nothing works in it any more.")

    def known(self, inode: int) -> Known | None:
        """Give what is known of a folder by its inode."""
        return self._known.get(inode)

    def _read(self) -> str:
        self._began = time.time_ns() - _CLOCK_STEP
        mode = stat.S_IMODE(self._workspace.lstat().st_mode)
        with lent.folder_in(str(self._workspace), None) as root:
            self._device = os.fstat(root).st_dev
            # Everything is looked at before anything is read, since it may be too large.
            content = self._digest(self._look(root, 0), root, ())
        self._forget_others()
        return self._store.write((Entry(".", Kind.FOLDER, mode, content=content),))

    def _look(self, folder: int, depth: int) -> "_Folder":
        about = os.fstat(folder)
        if about.st_dev != self._device:
            raise NoSnapshot("Another file system is mounted in the workspace.", "Unmount it.")
        if depth > _DEEPEST:
            raise NoSnapshot(f"The workspace is deeper than {_DEEPEST} folders.", "Flatten it.")
        self._visited.add(about.st_ino)
        facts = self._facts(folder)
        below = {one[0]: self._look_below(one[0], folder, depth) for one in facts if one[1] & _TYPE == _FOLDER}
        return _Folder(about.st_ino, facts, below)

    def _look_below(self, name: str, folder: int, depth: int) -> "_Folder":
        with _standing_still(), lent.folder_in(name, folder) as below:
            return self._look(below, depth + 1)

    def _facts(self, folder: int) -> list[Facts]:
        found: list[Facts] = []
        blocks = 0
        with _standing_still(), os.scandir(folder) as entries:
            for entry in entries:
                about = entry.stat(follow_symlinks=False)
                mode = about.st_mode
                if mode & _TYPE == _FOLDER:
                    found.append((entry.name, mode, 0, 0, 0, 0))
                else:
                    blocks += about.st_blocks
                    times = about.st_mtime_ns, about.st_ctime_ns
                    found.append((entry.name, mode, about.st_size, *times, about.st_ino))
        self._entries += len(found)
        self._blocks += blocks
        if self._most is not None and self._blocks * _BLOCK > self._most:
            raise NoSnapshot(f"The workspace is larger than {_spoken(self._most)}.", "Raise files.snapshots.")
        if self._entries > _MOST_ENTRIES:
            raise NoSnapshot(f"The workspace has more than {_MOST_ENTRIES:,} files.", "Pack some of them.")
        found.sort()
        return found

    def _digest(self, found: "_Folder", root: int, way: tuple[str, ...]) -> str:
        """Give the digest of a folder's manifest; what is not known of it is read."""
        below = {name: self._digest(one, root, (*way, name)) for name, one in found.below.items()}
        known = self._known.get(found.inode)
        if known is not None and known.facts == found.facts and known.stands_with(below):
            return known.digest
        with ExitStack() as opened, _standing_still():
            folder = root
            for name in way:
                folder = opened.enter_context(lent.folder_in(name, folder))
            if os.fstat(folder).st_ino != found.inode:
                raise _MovedError
            return self._learn(folder, found, below)

    def _learn(self, folder: int, found: "_Folder", below: dict[str, str]) -> str:
        """Read what is new in a folder and remember it."""
        before = self._known.get(found.inode)
        same = dict(zip(before.facts, before.entries, strict=True)) if before is not None else {}
        facts: list[Facts] = []
        entries = []
        for one in found.facts:
            known = same.get(one)
            fact, entry = (one, known) if known is not None else self._entry(one, folder)
            facts.append(fact)
            entries.append(entry._replace(content=below[entry.name]) if entry.kind is Kind.FOLDER else entry)
        learned = Known(facts, tuple(entries), self._store.write(tuple(entries)))
        self._known[found.inode] = learned
        self._save(found.inode, learned)
        return learned.digest

    def _entry(self, one: Facts, folder: int) -> tuple[Facts, Entry]:
        name, mode, _, mtime, *_ = one
        kind = kind_of(mode)
        if kind is Kind.FILE:
            one, entry = self._file(name, folder)
        elif kind is Kind.LINK:
            entry = Entry(name, kind, 0, 0, mtime, os.readlink(name, dir_fd=folder))
        else:
            entry = Entry(name, kind, stat.S_IMODE(mode))
        if one[4] >= self._began:
            one = (*one[:4], 0, 0)
        return one, entry

    def _file(self, name: str, folder: int) -> tuple[Facts, Entry]:
        source = lent.open_file(name, folder)
        try:
            about = os.fstat(source)
            if not stat.S_ISREG(about.st_mode):
                raise _MovedError
            content = self._store.keep(source, about.st_size)
            facts = _facts(name, about)
            if facts != _facts(name, os.fstat(source)):
                raise _MovedError
        finally:
            os.close(source)
        # What is brought back is ours: what was not must not lend our rights to whoever runs it.
        mode = stat.S_IMODE(about.st_mode) & (0o7777 if about.st_uid == os.geteuid() else 0o777)
        return facts, Entry(name, Kind.FILE, mode, about.st_size, about.st_mtime_ns, content)

    def _forget_others(self) -> None:
        """Forget folders that are not there any more."""
        for inode in self._kept - self._visited:
            self._known.pop(inode, None)
            with contextlib.suppress(OSError):
                (self._folder / str(inode)).unlink()
        self._kept &= self._visited

    def _save(self, inode: int, known: Known) -> None:
        spare = Path(self._store.spare())
        value = {"digest": known.digest, "facts": known.facts, "entries": known.entries}
        spare.write_text(json.dumps(value, separators=(",", ":")), "ascii")
        spare.rename(self._folder / str(inode))
        self._kept.add(inode)


def facts_of(name: str, folder: int) -> Facts:
    """Give the facts of an entry that is no folder as they are now; raises OSError."""
    return _facts(name, os.stat(name, dir_fd=folder, follow_symlinks=False))


def _facts(name: str, about: os.stat_result) -> Facts:
    return name, about.st_mode, about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino


@contextmanager
def _standing_still() -> Iterator[None]:
    """Take what is suddenly gone, or something else, for a change while it was read."""
    try:
        yield
    except OSError as problem:
        if problem.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EINVAL, errno.ENXIO):
            raise _MovedError from problem
        raise


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()


def _spoken(size: int) -> str:
    gigabytes = size / 2**30
    return f"{gigabytes:g} GB" if gigabytes >= 1 else f"{size / 2**20:g} MB"
