"""Runs: their states, who works on them, and what fences a worker that was taken for dead."""

import json
from collections.abc import Sequence
from typing import Any

from peewee import fn

from daemon.domain.blob import Blob
from daemon.domain.effect import NO_LABELS, Label, Labels
from daemon.domain.errors import Fenced, InvalidState, NotFound
from daemon.domain.limits import Limits, Usage
from daemon.domain.run import ALLOWED, Run, RunStatus, Stage, WaitingFor
from daemon.store import codec, history, rows


def add(task_id: int, limits: Limits, now: float, status: RunStatus = RunStatus.PENDING) -> Run:
    """Write the next run of a task and make it the task's newest."""
    run = rows.Run
    number = run.select().where(run.task_id == task_id).count() + 1
    row = run.create(task_id=task_id, number=number, status=status, limits=codec.limits_text(limits), created_at=now)
    rows.Task.update(run_id=row.id, status=status).where(rows.Task.id == task_id).execute()
    history.status(task_id, row.id, status, "", now)
    return get(row.id)


def get(run_id: int) -> Run:
    """Give one run; raises NotFound."""
    row = rows.Run.get_or_none(rows.Run.id == run_id)
    if row is None:
        raise NotFound(f"There is no run {run_id}.", "agent list shows the tasks that there are.")
    return _run(row)


def status_of(run_id: int) -> RunStatus:
    """Give only the status of a run."""
    row = rows.DATABASE.execute_sql("SELECT status FROM run WHERE id = ?", (run_id,)).fetchone()
    return RunStatus.CANCELLED if row is None else RunStatus(row[0])


def of_task(task_id: int) -> list[Run]:
    """Give all runs of a task in order."""
    return [_run(row) for row in rows.Run.select().where(rows.Run.task_id == task_id).order_by(rows.Run.id)]


def plan_of(run_id: int) -> tuple[str, str] | None:
    """Give the agent's name and the digest of what the run was started with."""
    row = rows.Run.select(rows.Run.plan, rows.Run.frozen).where(rows.Run.id == run_id).first()
    return None if row is None or row.frozen is None else (row.plan, row.frozen)


def freeze(run: Run, agent: str, digest: str) -> None:
    """Write what the run was started with, once."""
    fence(run)
    rows.Run.update(plan=agent, frozen=digest).where(rows.Run.id == run.id).execute()


def activity() -> tuple[dict[str, float], list[tuple[str, int]]]:
    """Give when each agent or skill last worked, and for what is running which one does which task."""
    run = rows.Run
    last = fn.MAX(fn.COALESCE(run.ended_at, run.started_at, run.created_at))
    seen = run.select(run.plan, last).where(run.plan.is_null(False)).group_by(run.plan).tuples()
    running = run.select(run.plan, run.task_id).where(run.plan.is_null(False), run.status == RunStatus.RUNNING)
    return dict(seen), list(running.order_by(run.id).tuples())


def running_for(channel: str) -> list[Run]:
    """Give the runs that are being done for conversations of a channel, oldest first."""
    run, task = rows.Run, rows.Task
    query = (
        run.select(run)
        .join(task, on=(task.run_id == run.id))
        .join(rows.Conversation, on=(rows.Conversation.id == task.conversation_id))
        .where(task.status == RunStatus.RUNNING, rows.Conversation.channel == channel)
    )
    return [_run(row) for row in query.order_by(run.id)]


def next_pending(run_id: int | None = None, *, held: bool = False) -> int | None:
    """Give the run that is next by priority, then first in first out; `held` also takes tasks on hold."""
    task = rows.Task
    query = (
        task.select(task.run_id)
        .join(rows.Run, on=(rows.Run.id == task.run_id))
        .where(task.status == RunStatus.PENDING, rows.Run.worker.is_null())
    )
    if not held:
        query = query.where(~task.hold)
    if run_id is not None:
        query = query.where(task.run_id == run_id)
    row = query.order_by(task.priority.desc(), task.run_id).limit(1).tuples().first()
    return None if row is None else int(row[0])


def claim(run_id: int, worker: str, now: float) -> Run:
    """Take a pending run for a worker under a new epoch."""
    run = rows.Run
    changed = (
        run.update(
            status=RunStatus.RUNNING,
            epoch=run.epoch + 1,
            worker=worker,
            waiting_for=None,
            retry_at=None,
            started_at=_first(run.started_at, now),
        )
        .where(run.id == run_id, run.status == RunStatus.PENDING, run.worker.is_null())
        .execute()
    )
    if not changed:
        raise Fenced(f"Run {run_id} was taken by another worker.")
    taken = get(run_id)
    rows.Task.update(status=RunStatus.RUNNING).where(rows.Task.id == taken.task_id).execute()
    history.status(taken.task_id, run_id, RunStatus.RUNNING, "", now)
    return taken


def fence(run: Run) -> None:
    """Check that `run` is still this worker's and running; raises Fenced."""
    _check(run, running=True)


def fence_outcome(run: Run) -> None:
    """Check that `run` is still this worker's; it may have been paused or cancelled meanwhile."""
    _check(run, running=False)


def _check(run: Run, *, running: bool) -> None:
    row = rows.DATABASE.execute_sql("SELECT epoch, status FROM run WHERE id = ?", (run.id,)).fetchone()
    if row is None or row[0] != run.epoch:
        raise Fenced(f"Run {run.id} was taken over by another worker.")
    if running and row[1] != RunStatus.RUNNING:
        raise Fenced(f"Run {run.id} is {row[1]}.")


def move(run_id: int, to: RunStatus, now: float, *, why: str = "", **columns: Any) -> Run:
    """Change the status as STATES.md allows, of the run and of its task; raises InvalidState."""
    run = get(run_id)
    if to not in ALLOWED[run.status]:
        raise InvalidState(
            f"Task {run.task_id} is {run.status}; it cannot become {to}.", _hint(run.status, run.task_id)
        )
    if to.final:
        columns |= {"ended_at": now, "waiting_for": None, "retry_at": None}
    rows.Run.update(status=to, **columns).where(rows.Run.id == run_id).execute()
    rows.Task.update(status=to).where(rows.Task.id == run.task_id, rows.Task.run_id == run_id).execute()
    history.status(run.task_id, run_id, to, why, now)
    return get(run_id)


def hold(run_id: int, worker: str) -> Run:
    """Keep every worker from a run that nobody works on, under a new epoch; raises Fenced where somebody does."""
    changed = rows.DATABASE.execute_sql(
        "UPDATE run SET worker = ?, epoch = epoch + 1 WHERE id = ? AND worker IS NULL AND status <> 'running'",
        (worker, run_id),
    ).rowcount
    if not changed:
        raise Fenced(f"Run {run_id} was taken by a worker.")
    return get(run_id)


def release(run: Run) -> None:
    """Say that the worker has let go of the run."""
    rows.Run.update(worker=None).where(rows.Run.id == run.id, rows.Run.epoch == run.epoch).execute()


def held_by_workers() -> list[tuple[int, str]]:
    """Give (run id, worker) of every run that a worker has taken and not let go of."""
    query = rows.Run.select(rows.Run.id, rows.Run.worker).where(rows.Run.worker.is_null(False))
    return [(int(run_id), str(worker)) for run_id, worker in query.tuples()]


def abandon(run_id: int, steps_done: int, now: float) -> Run:
    """Take a run away from a dead worker: a new epoch, and one more attempt unless there was progress."""
    row = rows.Run.get_by_id(run_id)
    progressed = steps_done > row.attempt_steps
    attempt = 1 if progressed else row.attempt + 1
    rows.Run.update(
        worker=None, epoch=row.epoch + 1, attempt=attempt, attempt_steps=max(steps_done, row.attempt_steps)
    ).where(rows.Run.id == run_id).execute()
    if row.status == RunStatus.RUNNING:
        return move(run_id, RunStatus.PENDING, now, why="its worker was gone")
    return get(run_id)


def due_for_retry(now: float) -> list[int]:
    """Give the waiting runs whose time to try again has come."""
    query = rows.Run.select(rows.Run.id).where(
        rows.Run.retry_at.is_null(False), rows.Run.retry_at <= now, rows.Run.status == RunStatus.WAITING
    )
    return [int(row.id) for row in query]


def next_retry() -> float | None:
    """Give the earliest time at which a waiting run wants to try again."""
    query = rows.Run.select(rows.Run.retry_at).where(rows.Run.retry_at.is_null(False))
    row = query.order_by(rows.Run.retry_at).limit(1).tuples().first()
    return None if row is None else float(row[0])


def waiting_for(reason: WaitingFor) -> list[int]:
    """Give the runs that wait for one thing."""
    query = (
        rows.Run.select(rows.Run.id)
        .join(rows.Task, on=(rows.Task.run_id == rows.Run.id))
        .where(rows.Task.status == RunStatus.WAITING, rows.Run.waiting_for == reason)
    )
    return [int(row.id) for row in query.order_by(rows.Run.id)]


def alive() -> list[int]:
    """Give the newest runs of all tasks that have not ended."""
    query = rows.Task.select(rows.Task.run_id).where(
        rows.Task.status.in_([status.value for status in RunStatus if not status.final])
    )
    return [int(row.run_id) for row in query.order_by(rows.Task.run_id)]


def set_progress(run: Run, percent: int, stage: Stage | None) -> None:
    """Write how far the run is."""
    columns: dict[str, Any] = {"percent": percent}
    if stage is not None:
        columns["stage"] = stage
    rows.Run.update(columns).where(rows.Run.id == run.id).execute()


def set_usage(run_id: int, usage: Usage) -> None:
    """Write what the run has used and reserved."""
    rows.Run.update(usage=codec.usage_text(usage)).where(rows.Run.id == run_id).execute()


def set_limits(run_id: int, limits: Limits) -> None:
    """Change the bounds of a run."""
    rows.Run.update(limits=codec.limits_text(limits)).where(rows.Run.id == run_id).execute()


def add_labels(run_id: int, labels: Labels) -> None:
    """Add labels; they are never taken away."""
    before = codec.labels_of(rows.Run.get_by_id(run_id).labels)
    if not labels <= before:
        rows.Run.update(labels=codec.labels_text(before | labels)).where(rows.Run.id == run_id).execute()


def add_steering(run_id: int, text: str, *, untrusted: bool = False) -> None:
    """Keep a message for the run's next step; one that holds words of others is kept as a pair."""
    steer = [*json.loads(rows.Run.get_by_id(run_id).steer), [text, Label.UNTRUSTED] if untrusted else text]
    rows.Run.update(steer=codec.to_json(steer)).where(rows.Run.id == run_id).execute()


def steered(run_id: int) -> bool:
    """Say whether messages wait for the next step."""
    row = rows.DATABASE.execute_sql("SELECT steer FROM run WHERE id = ?", (run_id,)).fetchone()
    return row is not None and row[0] != "[]"


def take_steering(run_id: int) -> list[tuple[str, Labels]]:
    """Give the messages for the next step, with the labels that they bring, and clear them.

    The caller records them in the same transaction.
    """
    steer = json.loads(rows.Run.get_by_id(run_id).steer)
    if steer:
        rows.Run.update(steer="[]").where(rows.Run.id == run_id).execute()
    return [(one, NO_LABELS) if isinstance(one, str) else (one[0], frozenset({Label(one[1])})) for one in steer]


def set_imported(run_id: int, result: str | None, error: str | None, ended_at: float) -> None:
    """Write how a run ended elsewhere."""
    final = get(run_id).status.final
    rows.Run.update(result=result, error=error, ended_at=ended_at if final else None).where(
        rows.Run.id == run_id
    ).execute()


def set_files(run_id: int, files: Sequence[Blob]) -> None:
    """Write the result files."""
    for position, blob in enumerate(files):
        rows.RunFile.create(
            run_id=run_id,
            position=position,
            name=blob.name,
            digest=blob.digest,
            size=blob.size,
            media_type=blob.media_type,
        )


def _first(column: Any, value: float) -> Any:
    from peewee import fn

    return fn.COALESCE(column, value)


def _hint(status: RunStatus, task_id: int) -> str:
    if status.final:
        return f"agent retry {task_id} makes a new run of it."
    if status is RunStatus.PAUSED:
        return f"agent resume {task_id} lets it go on."
    return f"agent status {task_id} shows where it stands."


def _run(row: Any) -> Run:
    files = rows.RunFile.select().where(rows.RunFile.run_id == row.id).order_by(rows.RunFile.position)
    return Run(
        id=row.id,
        task_id=row.task_id,
        number=row.number,
        status=RunStatus(row.status),
        epoch=row.epoch,
        attempt=row.attempt,
        created_at=row.created_at,
        waiting_for=WaitingFor(row.waiting_for) if row.waiting_for else None,
        stage=Stage(row.stage) if row.stage else None,
        percent=row.percent,
        labels=codec.labels_of(row.labels),
        limits=codec.limits_of(row.limits),
        usage=codec.usage_of(row.usage),
        frozen=row.frozen,
        worker=row.worker,
        steer=tuple(one if isinstance(one, str) else one[0] for one in json.loads(row.steer)),
        result=row.result,
        error=row.error,
        files=tuple(Blob(file.digest, file.size, file.media_type, file.name) for file in files),
        started_at=row.started_at,
        ended_at=row.ended_at,
    )
