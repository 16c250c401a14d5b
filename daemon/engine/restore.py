"""Bringing a workspace back to a snapshot. It may be begun anew at any time: what is right already is left alone.

Nothing is ever written into, but made beside and moved into its place: a name that is a link, or one of several names
of a file outside, is replaced and what is behind it stays as it is. A folder that goes is moved out of the workspace
whole, then emptied.
"""

import os
import stat
from pathlib import Path

from daemon.domain.failpoint import failpoint
from daemon.engine import lent
from daemon.engine.manifest import Entry, Kind, kind_of
from daemon.engine.object_store import ObjectStore, gone
from daemon.engine.scan import Scan, facts_of


class Restoring:
    """One workspace on its way back."""

    def __init__(self, workspace: Path, store: ObjectStore, scan: Scan) -> None:
        """Bring `workspace` back out of `store`; what `scan` knows to be right stays."""
        self._workspace = workspace
        self._store = store
        self._scan = scan
        self._missing: list[str] = []

    def to(self, digest: str) -> tuple[str, ...]:
        """Do it; gives the pipes, sockets and devices that were there then and cannot be brought back.

        Raises NoSnapshot before anything is touched where something of the snapshot is gone; OSError.
        """
        (top,) = self._store.read(digest)
        self._check(top.content)
        with lent.folder_in(str(self._workspace), None, to_change=True) as root:
            self._folder(root, top.content, "")
        lent.change_mode(str(self._workspace), None, top.mode)
        return tuple(self._missing)

    def _check(self, digest: str) -> None:
        waiting, seen = [digest], set()
        while waiting:
            manifest = waiting.pop()
            if manifest in seen:
                continue
            seen.add(manifest)
            for entry in self._store.read(manifest):
                if entry.kind is Kind.FOLDER:
                    waiting.append(entry.content)
                elif entry.kind is Kind.FILE and not self._store.holds(entry.content, entry.size):
                    raise gone()

    def _folder(self, folder: int, manifest: str, way: str) -> None:
        entries = self._store.read(manifest)
        present = self._cleared(folder, {entry.name: entry.kind for entry in entries})
        known = self._scan.known(os.fstat(folder).st_ino)
        right = dict(zip(known.facts, known.entries, strict=True)) if known is not None else {}
        for entry in entries:
            if entry.kind is Kind.FOLDER:
                self._below(entry, folder, way, there=entry.name in present)
            elif entry.name in present and right.get(facts_of(entry.name, folder)) == entry:
                continue
            elif entry.kind is Kind.FILE:
                self._store.bring(entry, folder)
                failpoint("restore.placed")
            elif entry.kind is Kind.LINK:
                self._link(entry, folder)
            elif entry.name not in present:
                self._missing.append(f"{way}{entry.name}")

    def _cleared(self, folder: int, wanted: dict[str, Kind]) -> set[str]:
        """Remove what does not belong into an open folder; gives the names of what is of the right kind."""
        present = set()
        for name in lent.names_in(folder):
            kind = kind_of(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
            if wanted.get(name) is kind:
                present.add(name)
            elif kind is Kind.FOLDER:
                self._remove_folder(name, folder)
            else:
                os.unlink(name, dir_fd=folder)
        return present

    def _below(self, entry: Entry, folder: int, way: str, *, there: bool) -> None:
        if not there:
            os.mkdir(entry.name, 0o700, dir_fd=folder)
        with lent.folder_in(entry.name, folder, to_change=True) as below:
            self._folder(below, entry.content, f"{way}{entry.name}/")
        lent.change_mode(entry.name, folder, entry.mode)

    def _link(self, entry: Entry, folder: int) -> None:
        spare = self._store.spare()
        Path(spare).symlink_to(entry.content)
        os.utime(spare, ns=(entry.mtime_ns, entry.mtime_ns), follow_symlinks=False)
        os.rename(spare, entry.name, dst_dir_fd=folder)

    def _remove_folder(self, name: str, folder: int) -> None:
        """Move a folder out and empty it, however deep it is."""
        waiting = [self._moved_out(name, folder)]
        while waiting:
            path = waiting.pop()
            with lent.folder_in(path, None, to_change=True) as opened:
                for below in lent.names_in(opened):
                    if stat.S_ISDIR(os.stat(below, dir_fd=opened, follow_symlinks=False).st_mode):
                        waiting.append(self._moved_out(below, opened))
                    else:
                        os.unlink(below, dir_fd=opened)
            Path(path).rmdir()

    def _moved_out(self, name: str, folder: int) -> str:
        spare = self._store.spare()
        # A folder's `..` is written when it is moved, so it has to be writable.
        with lent.folder_in(name, folder, to_change=True):
            os.rename(name, spare, src_dir_fd=folder)
        return spare
