"""Who is alive: one lock file for each worker process, held for as long as it lives."""

import contextlib
import fcntl
import json
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from daemon.domain.errors import StoreError


@dataclass(frozen=True, slots=True)
class WorkerInfo:
    """What a worker says of itself. `kind` is daemon or terminal, `slots` how many runs it does at once."""

    id: str
    pid: int
    host: str
    kind: str
    slots: int
    since: float


class WorkerLock:
    """This process's lock; the kernel lets go of it when the process ends, however that happens."""

    def __init__(self, folder: Path, kind: str, slots: int) -> None:
        """Take a lock under a new id; raises StoreError where the state folder cannot be written."""
        self.id = f"{kind}-{secrets.token_hex(6)}"
        self._path = folder / f"{self.id}.lock"
        said = {"pid": os.getpid(), "host": os.uname().nodename, "kind": kind, "slots": slots, "since": time.time()}
        try:
            self._file: TextIO = self._path.open("w")
            self._path.chmod(0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX)
            self._file.write(json.dumps(said))
            self._file.flush()
        except OSError as problem:
            raise StoreError(
                f"{folder} cannot be written: {problem.strerror}.", "Free disk space, then try again."
            ) from problem

    def close(self) -> None:
        """Let go."""
        with contextlib.suppress(OSError):
            self._path.unlink()
        self._file.close()


def alive(folder: Path, worker: str) -> bool:
    """Say whether the process that took this lock still lives."""
    try:
        with (folder / f"{worker}.lock").open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def living(folder: Path) -> list[WorkerInfo]:
    """Give the living workers, oldest first; lock files of dead ones are removed."""
    found = []
    for path in folder.glob("*.lock"):
        if not alive(folder, path.stem):
            _remove(path)
            continue
        with contextlib.suppress(OSError, ValueError, TypeError):
            found.append(WorkerInfo(id=path.stem, **json.loads(path.read_text())))
    return sorted(found, key=lambda worker: worker.since)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        # A worker that is just starting has made its file and not yet locked it.
        if time.time() - path.stat().st_mtime > 60:
            path.unlink()
