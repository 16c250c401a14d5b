"""What a task that follows another one takes over: words, files, labels and privacy."""

from dataclasses import replace

from daemon.domain.effect import NO_LABELS, Labels
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


def taken_over(new: NewTask) -> tuple[NewTask, Labels]:
    """Give a task with the files and the privacy of the one that it follows, and the labels that its run begins with.

    Raises NotFound where there is none of that number.
    """
    if new.follows is None:
        return new, NO_LABELS
    before = tasks.get(new.follows)
    run = runs.get(before.run_id)
    known = {blob.digest for blob in new.files}
    more = tuple(blob for blob in (*run.files, *before.files) if blob.digest not in known)
    files = (*new.files, *more)
    private = new.private or before.private
    return replace(new, files=files, folders=new.folders or before.folders, private=private), run.labels
