"""The snapshots of one run's workspace: taken between steps, brought back by undo and after a crash (T12).

They lie beside the workspace in `run-K.snapshots/` and go with the task. A snapshot is named by the digest of its
manifest, so that the same state has the same name. Taking one of an unchanged workspace opens no file.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from daemon.domain.effect import Effect
from daemon.domain.errors import NoSnapshot
from daemon.engine.object_store import ObjectStore
from daemon.engine.restore import Restoring
from daemon.engine.scan import Scan

KEPT_BEFORE = (Effect.COMPUTE, Effect.WRITE)
"""The effects of steps before which a snapshot is taken."""


class Snapshots:
    """What is kept of one workspace; one at a time works with it, also of several processes."""

    def __init__(self, workspace: Path, most: int | None = None) -> None:
        """Keep `workspace`, in at most about `most` bytes; the oldest snapshots go first."""
        self._workspace = workspace
        self._folder = workspace.with_name(workspace.name + ".snapshots")
        self._most = most
        self._store = ObjectStore(self._folder)
        self._scan = Scan(workspace, self._store, self._folder / "known")
        self._prepared = False
        self._newest = ""

    def take(self) -> str:
        """Keep the workspace as it is now; gives the name of the snapshot, the same as before where nothing changed.

        Raises NoSnapshot with the reason where that is not possible.
        """
        with self._alone():
            digest = self._scan.read(self._most)
            if digest != self._newest:
                self._store.note(digest)
                self._newest = digest
            if self._most is not None:
                self._store.trim(self._most)
            return digest

    def has(self, digest: str) -> bool:
        """Say whether a snapshot is still there."""
        return self._store.has_root(digest)

    def restore(self, digest: str) -> tuple[str, ...]:
        """Bring the workspace back; gives the pipes, sockets and devices that could not be brought.

        Raises NoSnapshot; where that is since the snapshot is gone, nothing was touched.
        """
        with self._alone():
            self._scan.load()
            return Restoring(self._workspace, self._store, self._scan).to(digest)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            lock = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if not self._prepared:
                    self._store.prepare()
                    self._prepared = True
                yield
            finally:
                os.close(lock)
        except OSError as problem:
            raise NoSnapshot(
                f"The workspace cannot be kept or brought back: {problem.strerror}.",
                "See to its folder and to free disk space.",
            ) from problem
