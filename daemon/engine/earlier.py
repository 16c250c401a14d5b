"""What a task that follows another one takes over: words, files, labels and privacy."""

import contextlib
from dataclasses import replace

from daemon.domain.effect import NO_LABELS, Label, Labels
from daemon.domain.errors import NotFound
from daemon.domain.task import NewTask, Task
from daemon.domain.turn import Turn
from daemon.store import runs, tasks

_MOST_TURNS = 8


def turns(task: Task) -> list[Turn]:
    """Give the tasks that it follows, oldest first; what was forgotten is left out."""
    found: list[Turn] = []
    follows = task.follows
    while follows is not None and len(found) < _MOST_TURNS:
        try:
            before = tasks.get(follows)
        except NotFound:
            break
        run = runs.get(before.run_id)
        result = run.result or run.error or f"(it is {run.status})"
        found.insert(0, Turn(before.goal, result, tuple(blob.name for blob in run.files)))
        follows = before.follows
    return found


def labels_at_start(follows: int | None, quoted: str) -> Labels:
    """Give the labels that every run of a task begins with: what it is told before it reads anything has been read."""
    labels = frozenset({Label.UNTRUSTED}) if quoted else NO_LABELS
    if follows is not None:
        with contextlib.suppress(NotFound):  # Forgotten: then nothing of it is told either.
            labels |= runs.get(tasks.get(follows).run_id).labels
    return labels


def taken_over(new: NewTask) -> NewTask:
    """Give a task with the files and the privacy of the one that it follows.

    Raises NotFound where there is none of that number.
    """
    if new.follows is None:
        return new
    before = tasks.get(new.follows)
    run = runs.get(before.run_id)
    known = {blob.digest for blob in new.files}
    more = tuple(blob for blob in (*run.files, *before.files) if blob.digest not in known)
    files = (*new.files, *more)
    private = new.private or before.private
    return replace(new, files=files, folders=new.folders or before.folders, private=private)
