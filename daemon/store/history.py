"""The one history of status changes, progress, notes, questions and answers of each task."""

from daemon.domain.run import RunStatus
from daemon.domain.update import Update, UpdateKind
from daemon.store import rows


def add(task_id: int, run_id: int, kind: UpdateKind, text: str, now: float) -> None:
    """Write one line."""
    rows.History.insert(task_id=task_id, run_id=run_id, kind=kind, text=text, at=now).execute()


def add_once(task_id: int, run_id: int, kind: UpdateKind, text: str, now: float) -> None:
    """Write one line, unless the run has the very same already."""
    line = rows.History
    if not line.select().where(line.task_id == task_id, line.run_id == run_id, line.text == text).exists():
        add(task_id, run_id, kind, text, now)


def status(task_id: int, run_id: int, to: RunStatus, why: str, now: float) -> None:
    """Write a change of status with its reason."""
    add(task_id, run_id, UpdateKind.STATUS, f"{to}: {why}" if why else to.value, now)


def of_task(task_id: int, after: int = 0, most: int = 1000) -> list[Update]:
    """Give the lines of a task above the id `after`, oldest first."""
    line = rows.History
    query = line.select(line.id, line.task_id, line.run_id, line.kind, line.text, line.at)
    query = query.where(line.task_id == task_id, line.id > after).order_by(line.id).limit(most)
    return [Update(found[0], found[1], found[2], UpdateKind(found[3]), *found[4:]) for found in query.tuples()]


def last_told(task_id: int, run_id: int) -> Update | None:
    """Give the newest line in which a run told how it goes on."""
    line = rows.History
    query = line.select(line.id, line.task_id, line.run_id, line.kind, line.text, line.at)
    told = line.kind.in_([UpdateKind.PROGRESS, UpdateKind.NOTE])
    query = query.where(line.task_id == task_id, line.run_id == run_id, told).order_by(line.id.desc()).limit(1)
    found = query.tuples().first()
    return None if found is None else Update(found[0], found[1], found[2], UpdateKind(found[3]), *found[4:])
