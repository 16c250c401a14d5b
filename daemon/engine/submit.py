"""A task comes in: one transaction adds it, its files and a pending run."""

import os
import stat
from dataclasses import replace
from pathlib import Path

from daemon.domain.blob import Blob
from daemon.domain.errors import BadInput
from daemon.domain.failpoint import failpoint
from daemon.domain.run import RunStatus
from daemon.domain.task import NewTask, Task
from daemon.domain.visible import visible
from daemon.engine.earlier import labels_at_start, taken_over
from daemon.engine.goal import LONGEST_GOAL, clean_goal, distinct, safe_name, title_of
from daemon.store import audit, blobs, database, runs, tasks
from daemon.store.home import Home


def keep_file(home: Home, path: Path, most: int | None) -> Blob:
    """Keep a file that a person named; raises BadInput with the reason when it cannot be read."""
    shown = visible(str(path))
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError as problem:
        raise BadInput(
            f"The file {shown} cannot be read: {problem.strerror}.", "Check the name and rights."
        ) from problem
    except ValueError as problem:
        raise BadInput(f"The file name {shown!r} cannot be used: {problem}.", "Check the name.") from problem
    try:
        _check_kind(os.fstat(descriptor).st_mode, shown)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return blobs.keep_file(home, file, safe_name(path.name), most)
    finally:
        os.close(descriptor)


def _check_kind(mode: int, shown: str) -> None:
    if stat.S_ISDIR(mode):
        raise BadInput(f"{shown} is a folder.", f"Give it with --dir {shown}")
    if not stat.S_ISREG(mode):
        raise BadInput(f"{shown} is a device, pipe or socket, not a file.", "Copy its contents to a file first.")


def submit(home: Home, new: NewTask, now: float) -> Task:
    """Record a task; a second one with the same `once` gives the first."""
    new = _cleaned(new)
    failpoint("submit.files_kept")
    with database.transaction():
        known = tasks.with_key(new.once) if new.once else None
        if known is not None:
            return tasks.get(known)
        new = _cleaned(taken_over(new))
        for blob in new.files:
            blobs.record(home, blob.digest, blob.size)
        task_id = tasks.add(new, new.title or title_of(new.goal), now)
        run = runs.add(task_id, new.limits, now, RunStatus.PENDING)
        runs.add_labels(run.id, labels_at_start(new.follows, new.quoted))
        audit.add(
            "submitted",
            f"{new.principal.role}:{new.principal.channel}:{new.principal.proof}",
            {"goal": new.goal[:2000], "files": [[blob.name, blob.digest] for blob in new.files]},
            now,
            task_id=task_id,
            run_id=run.id,
        )
        return tasks.get(task_id)


def _cleaned(new: NewTask) -> NewTask:
    names = distinct([blob.name for blob in new.files])
    return replace(
        new,
        goal=clean_goal(new.goal),
        quoted=visible(new.quoted.replace("\r\n", "\n")).strip()[:LONGEST_GOAL],
        title=visible(new.title.replace("\n", " "))[:200],
        files=tuple(replace(blob, name=name) for blob, name in zip(new.files, names, strict=True)),
        project=visible(new.project)[:100] if new.project else None,
    )
