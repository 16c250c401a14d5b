"""Where the state lies: one folder, owned by the owner alone."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Home:
    """The state folder (`AGENT_HOME`) and what lies where in it."""

    path: Path

    @property
    def database(self) -> Path:
        """Give the one SQLite file."""
        return self.path / "agent.db"

    @property
    def blobs(self) -> Path:
        """Give the folder of files named by their digest."""
        return self.path / "blobs"

    @property
    def workers(self) -> Path:
        """Give the folder of lock files, one for each living worker process."""
        return self.path / "workers"

    @property
    def wake(self) -> Path:
        """Give the folder of sockets that are rung after a write."""
        return self.path / "wake"

    @property
    def backups(self) -> Path:
        """Give the folder of database backups."""
        return self.path / "backups"

    @property
    def sandbox(self) -> Path:
        """Give the folder of what is made once for all sandboxes."""
        return self.path / "sandbox"

    def run_folder(self, task_id: int, number: int) -> Path:
        """Give the workspace of one run."""
        return self.path / "tasks" / str(task_id) / f"run-{number}"

    def task_folder(self, task_id: int) -> Path:
        """Give the folder that holds the workspaces of all runs of a task."""
        return self.path / "tasks" / str(task_id)

    def prepare(self) -> None:
        """Make the folders, readable by the owner alone."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (self.blobs, self.workers, self.wake, self.path / "tasks"):
            folder.mkdir(mode=0o700, exist_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power loss (fsync of the folder, POSIX)."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
