"""Forgetting a task: its rows, files and words go; the chain of the audit log stays whole."""

import shutil

from daemon.domain.errors import InvalidState
from daemon.store import audit, blobs, database, outbox, steps, tasks
from daemon.store.home import Home


def forget(home: Home, task_id: int, by: str, now: float) -> int:
    """Delete a task that has ended, with its history and workspaces; gives the bytes freed."""
    with database.transaction():
        task = tasks.get(task_id)
        if not task.status.final:
            raise InvalidState(f"Task {task_id} is {task.status}.", f"agent cancel {task_id} first, then forget it.")
        digests = steps.blob_digests(task_id)
        outbox.forget(task_id)
        audit.forget_details(task_id)
        tasks.delete(task_id)
        audit.add("forgotten", by, {"task": task_id}, now)
        freed = blobs.sweep(home, digests)
    shutil.rmtree(home.task_folder(task_id), ignore_errors=True)
    return freed
