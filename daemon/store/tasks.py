"""Tasks: what was asked, and pages of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from daemon.domain.blob import Blob
from daemon.domain.errors import NotFound
from daemon.domain.limits import Limits
from daemon.domain.message import Conversation
from daemon.domain.principal import Principal, Role
from daemon.domain.run import RunStatus
from daemon.domain.task import NewTask, Task
from daemon.store import codec, rows, search


@dataclass(frozen=True, slots=True)
class TaskLine:
    """What a list shows of a task."""

    id: int
    title: str
    status: RunStatus
    created_at: float
    priority: int
    project: str | None


def conversation_of(channel: str, external_thread: str, now: float) -> int:
    """Find or make the conversation of a channel's thread."""
    rows.Conversation.insert(
        channel=channel, external_thread=external_thread, created_at=now
    ).on_conflict_ignore().execute()
    return int(
        rows.Conversation.get(
            rows.Conversation.channel == channel, rows.Conversation.external_thread == external_thread
        ).id
    )


def channel_of(conversation_id: int) -> str:
    """Say which channel a conversation belongs to."""
    return str(rows.Conversation.get_by_id(conversation_id).channel)


def conversation(conversation_id: int) -> Conversation:
    """Give a conversation."""
    row = rows.Conversation.get_by_id(conversation_id)
    return Conversation(row.id, row.channel, row.external_thread)


def rename_conversation(channel: str, old: str, new: str) -> None:
    """Write that the channel calls a conversation otherwise from now on; one that is called so already takes it in."""
    here = rows.Conversation.channel == channel
    before = rows.Conversation.get_or_none(here, rows.Conversation.external_thread == old)
    taken = rows.Conversation.get_or_none(here, rows.Conversation.external_thread == new)
    if before is not None and taken is None:
        rows.Conversation.update(external_thread=new).where(rows.Conversation.id == before.id).execute()
    elif before is not None and taken is not None:
        for table in (rows.Task, rows.Outbox):
            table.update(conversation_id=taken.id).where(table.conversation_id == before.id).execute()


def newest_in(channel: str, external_thread: str, statuses: Sequence[RunStatus] = (), most: int = 1) -> list[int]:
    """Give the newest tasks of a conversation, newest first; with `statuses` only those that stand so."""
    query = rows.Task.select(rows.Task.id).join(
        rows.Conversation, on=(rows.Conversation.id == rows.Task.conversation_id)
    )
    query = query.where(rows.Conversation.channel == channel, rows.Conversation.external_thread == external_thread)
    if statuses:
        query = query.where(rows.Task.status.in_(list(statuses)))
    return [int(row[0]) for row in query.order_by(rows.Task.id.desc()).limit(most).tuples()]


def add(new: NewTask, title: str, now: float) -> int:
    """Write a task with its files; its first run is written by `runs.add`. Gives its id."""
    row = rows.Task.create(
        conversation_id=conversation_of(new.channel, new.external_thread, now),
        title=title,
        goal=new.goal,
        role=new.principal.role,
        channel=new.principal.channel,
        proof=new.principal.proof,
        status=RunStatus.PENDING,
        run_id=0,
        priority=new.priority,
        hold=new.hold,
        private=new.private,
        agent=new.agent,
        tier=new.tier,
        project=new.project,
        follows=new.follows,
        parent_id=new.parent_id,
        once=new.once,
        limits=codec.limits_text(new.limits),
        folders=codec.folders_text(new.folders),
        quoted=new.quoted,
        spoken=new.spoken,
        created_at=now,
    )
    for position, blob in enumerate(new.files):
        rows.TaskFile.create(task_id=row.id, position=position, **_file_columns(blob))
    search.index(row.id, title, new.goal, "")
    return int(row.id)


def with_key(once: str) -> int | None:
    """Give the task that was added under an idempotence key."""
    row = rows.Task.select(rows.Task.id).where(rows.Task.once == once).first()
    return None if row is None else int(row.id)


def get(task_id: int) -> Task:
    """Give one task; raises NotFound."""
    row = rows.Task.get_or_none(rows.Task.id == task_id)
    if row is None:
        raise NotFound(f"There is no task {task_id}.", "agent list shows the tasks that there are.")
    return _task(row)


def page(
    *,
    statuses: Sequence[RunStatus] = (),
    project: str | None = None,
    before: int | None = None,
    most: int = 50,
) -> list[TaskLine]:
    """Give the newest tasks, newest first, below the id `before`."""
    task = rows.Task
    query = task.select(task.id, task.title, task.status, task.created_at, task.priority, task.project)
    if len(statuses) == 1:
        query = query.where(task.status == statuses[0])
    elif statuses:
        query = query.where(task.status.in_(list(statuses)))
    if project is not None:
        query = query.where(task.project == project)
    if before is not None:
        query = query.where(task.id < before)
    return [_line(found) for found in query.order_by(task.id.desc()).limit(most).tuples()]


def lines(task_ids: Sequence[int]) -> list[TaskLine]:
    """Give the lines of these tasks, in this order."""
    task = rows.Task
    query = task.select(task.id, task.title, task.status, task.created_at, task.priority, task.project)
    found = {row[0]: _line(row) for row in query.where(task.id.in_(list(task_ids))).tuples()}
    return [found[task_id] for task_id in task_ids if task_id in found]


def counts() -> dict[RunStatus, int]:
    """Count the tasks by status; a counter kept by triggers, so the cost does not grow."""
    found = dict(rows.TaskCount.select(rows.TaskCount.status, rows.TaskCount.tasks).tuples())
    return {status: int(found.get(status.value, 0)) for status in RunStatus}


def latest() -> int | None:
    """Give the id of the newest task."""
    row = rows.Task.select(rows.Task.id).order_by(rows.Task.id.desc()).first()
    return None if row is None else int(row.id)


def set_priority(task_id: int, priority: int) -> None:
    """Change the place in the queue."""
    rows.Task.update(priority=priority).where(rows.Task.id == task_id).execute()


def release_hold(task_id: int) -> None:
    """Let any worker take a task that was on hold."""
    rows.Task.update(hold=False).where(rows.Task.id == task_id).execute()


def set_limits(task_id: int, limits: Limits) -> None:
    """Change the limits that later runs of the task start with."""
    rows.Task.update(limits=codec.limits_text(limits)).where(rows.Task.id == task_id).execute()


def set_note(task_id: int, key: str, value: str, now: float) -> None:
    """Write one of the task's key-value notes."""
    rows.TaskNote.replace(task_id=task_id, key=key, value=value, at=now).execute()


def notes(task_id: int) -> dict[str, str]:
    """Give the task's key-value notes."""
    note = rows.TaskNote
    return dict(note.select(note.key, note.value).where(note.task_id == task_id).order_by(note.key).tuples())


def ended_before(moment: float, most: int) -> list[int]:
    """Give the oldest tasks whose newest run ended before a moment."""
    task, run = rows.Task, rows.Run
    query = (
        task.select(task.id)
        .join(run, on=(run.id == task.run_id))
        .where(task.status.in_([status.value for status in RunStatus if status.final]), run.ended_at < moment)
    )
    return [int(found[0]) for found in query.order_by(task.id).limit(most).tuples()]


def followers(task_id: int) -> list[int]:
    """Give the tasks that this one handed parts to."""
    query = rows.Task.select(rows.Task.id).where(rows.Task.parent_id == task_id).order_by(rows.Task.id)
    return [int(row.id) for row in query]


def note_forgotten(task_id: int, digests: set[str]) -> None:
    """Write which files are to go with a task."""
    rows.Forgotten.replace(task_id=task_id, digests=codec.to_json(sorted(digests))).execute()


def forgotten() -> list[tuple[int, list[str]]]:
    """Give the forgotten tasks whose files are still to go, with the digests of these."""
    query = rows.Forgotten.select(rows.Forgotten.task_id, rows.Forgotten.digests).order_by(rows.Forgotten.task_id)
    return [(int(task_id), json.loads(digests)) for task_id, digests in query.tuples()]


def close_forgotten(task_id: int) -> None:
    """Say that no file of a forgotten task is left."""
    rows.Forgotten.delete().where(rows.Forgotten.task_id == task_id).execute()


def _line(found: tuple[Any, ...]) -> TaskLine:
    return TaskLine(found[0], found[1], RunStatus(found[2]), found[3], found[4], found[5])


def _file_columns(blob: Blob) -> dict[str, Any]:
    return {"name": blob.name, "digest": blob.digest, "size": blob.size, "media_type": blob.media_type}


def _task(row: Any) -> Task:
    files = rows.TaskFile.select().where(rows.TaskFile.task_id == row.id).order_by(rows.TaskFile.position)
    return Task(
        id=row.id,
        conversation_id=row.conversation_id,
        title=row.title,
        goal=row.goal,
        principal=Principal(Role(row.role), row.channel, row.proof),
        status=RunStatus(row.status),
        run_id=row.run_id,
        created_at=row.created_at,
        priority=row.priority,
        hold=row.hold,
        private=row.private,
        agent=row.agent,
        tier=row.tier,
        complexity=row.complexity,
        project=row.project,
        follows=row.follows,
        parent_id=row.parent_id,
        limits=Limits(**json.loads(row.limits)),
        files=tuple(Blob(file.digest, file.size, file.media_type, file.name) for file in files),
        folders=codec.folders_of(row.folders),
        quoted=row.quoted,
        spoken=row.spoken,
    )


def delete(task_id: int) -> None:
    """Delete a task and all that hangs on it; what it came from in the inbox keeps its id and loses its words."""
    rows.Inbox.update(text="", quoted="", details="{}", files="[]").where(rows.Inbox.task_id == task_id).execute()
    rows.Task.delete().where(rows.Task.id == task_id).execute()
