"""Forgetting a task: its rows, files and words go; the chain of the audit log stays whole.

The rows go first, in one transaction that also notes which files are to go; the files follow, and where that was cut
off, the next start of a worker goes on with it.
"""

import shutil

from daemon.domain.errors import InvalidState
from daemon.domain.failpoint import failpoint
from daemon.store import audit, blobs, database, outbox, steps, tasks
from daemon.store.home import Home


def forget(home: Home, task_id: int, by: str, now: float) -> int:
    """Delete a task that has ended, with its history and workspaces; gives the bytes of kept files that were freed."""
    with database.transaction():
        task = tasks.get(task_id)
        if not task.status.final:
            raise InvalidState(f"Task {task_id} is {task.status}.", f"agent cancel {task_id} first, then forget it.")
        tasks.note_forgotten(task_id, steps.blob_digests(task_id))
        outbox.forget(task_id)
        audit.forget_details(task_id)
        tasks.delete(task_id)
        audit.add("forgotten", by, {"task": task_id}, now)
    failpoint("forget.recorded")
    return remove_files(home)


def remove_files(home: Home) -> int:
    """Delete the files of forgotten tasks that are still there; gives the bytes of kept files that were freed."""
    freed = 0
    for task_id, digests in tasks.forgotten():
        shutil.rmtree(home.task_folder(task_id), ignore_errors=True)
        for digest in digests:
            with database.transaction():
                freed += blobs.remove_unspoken(home, digest)
        with database.transaction():
            tasks.close_forgotten(task_id)
    return freed
