"""Pause, resume, cancel, retry and stop: the owner's hand on a run (STATES.md)."""

from daemon.domain.errors import InvalidState
from daemon.domain.message import OutgoingKind
from daemon.domain.run import Run, RunStatus, WaitingFor
from daemon.domain.task import PASSED_ON, Task
from daemon.domain.update import UpdateKind
from daemon.engine.earlier import labels_at_start
from daemon.engine.goal import clean_goal
from daemon.engine.queue_message import queue
from daemon.store import approvals, audit, daily, database, history, runs, steps, tasks


def pause(task_id: int, by: str, now: float) -> Run:
    """Pause the newest run of a task; a step that has an outside effect is let end."""
    with database.transaction():
        run = runs.move(tasks.get(task_id).run_id, RunStatus.PAUSED, now, why=f"by {by}", retry_at=None)
        _audit("paused", by, run, now)
        return run


def resume(task_id: int, by: str, now: float) -> Run:
    """Let a paused run go on, or one that waits for a model try again."""
    with database.transaction():
        run = runs.get(tasks.get(task_id).run_id)
        if run.status is RunStatus.WAITING and run.waiting_for is not WaitingFor.MODEL:
            raise InvalidState(
                f"Task {task_id} waits for {_awaited(run)}.", "agent approvals shows what is asked; answer it there."
            )
        if run.status not in (RunStatus.PAUSED, RunStatus.WAITING):
            raise InvalidState(f"Task {task_id} is {run.status}; it is not paused.", _next_step(run))
        asked = run.status is RunStatus.PAUSED and approvals.open_ones(run.id)
        run = (
            runs.move(run.id, RunStatus.WAITING, now, why=f"by {by}", waiting_for=WaitingFor.OWNER)
            if asked
            else runs.move(run.id, RunStatus.PENDING, now, why=f"by {by}", waiting_for=None, retry_at=None)
        )
        _audit("resumed", by, run, now)
        return run


def cancel(task_id: int, by: str, now: float) -> Run:
    """Cancel the newest run of a task and withdraw what it asked; its children are cancelled with it."""
    with database.transaction():
        task = tasks.get(task_id)
        run = _cancel_one(task, by, now)
        for child_id in tasks.followers(task_id):
            child = tasks.get(child_id)
            if not child.status.final:
                _cancel_one(child, by, now)
        return run


def retry(task_id: int, by: str, now: float) -> Run:
    """Make a new run of a task that has ended."""
    with database.transaction():
        task = tasks.get(task_id)
        if not task.status.final:
            raise InvalidState(
                f"Task {task_id} is {task.status}; only a task that has ended can be tried again.",
                f"agent cancel {task_id} ends it.",
            )
        run = runs.add(task_id, task.limits, now)
        runs.add_labels(run.id, labels_at_start(task.follows, task.quoted))
        _audit("retried", by, run, now)
        return run


def stop_all(by: str, now: float) -> list[Run]:
    """Pause everything that is pending, running or waiting: the panic stop."""
    with database.transaction():
        stopped = []
        for run_id in runs.alive():
            run = runs.get(run_id)
            if run.status is not RunStatus.PAUSED:
                stopped.append(runs.move(run_id, RunStatus.PAUSED, now, why=f"everything was stopped by {by}"))
        audit.add("stopped all", by, {"runs": [run.id for run in stopped]}, now)
        return stopped


def steer(task_id: int, text: str, by: str, now: float, quoted: str = "") -> Run:
    """Hand a message to a run that has not ended; it reaches the model at the next step.

    `quoted` are words of others: with them the run has read text from outside.
    """
    with database.transaction():
        run = runs.get(tasks.get(task_id).run_id)
        if run.status.final:
            raise InvalidState(f"Task {task_id} is {run.status}; it takes no more messages.", _next_step(run)).worded(
                "reply.edited_over", task=task_id
            )
        cleaned = clean_goal(text or quoted)
        if quoted:
            cleaned = f"{clean_goal(text)}\n\n{PASSED_ON}\n{clean_goal(quoted)}" if text else f"{PASSED_ON}\n{cleaned}"
        runs.add_steering(run.id, cleaned, untrusted=bool(quoted))
        history.add(task_id, run.id, UpdateKind.NOTE, f"{by}: {cleaned}", now)
        return runs.get(run.id)


def _cancel_one(task: Task, by: str, now: float) -> Run:
    run = runs.move(task.run_id, RunStatus.CANCELLED, now, why=f"by {by}")
    approvals.withdraw(run.id, now)
    if run.worker is None:
        # Else an effect outside may be coming to its end: its worker closes what is open when it lets go.
        steps.close_open(run.id, now)
    plan = runs.plan_of(run.id)
    daily.add_run(plan[0] if plan else "", RunStatus.CANCELLED, now - (run.started_at or now), now)
    queue(task, OutgoingKind.RESULT, f"Cancelled: {task.title}", now, run_id=run.id, once=f"end:{run.id}")
    _audit("cancelled", by, run, now)
    return run


def _awaited(run: Run) -> str:
    return {
        WaitingFor.OWNER: "your answer",
        WaitingFor.BUDGET: "your word on its limit",
        WaitingFor.CHILDREN: "the parts that it handed on",
    }.get(run.waiting_for or WaitingFor.OWNER, "a model")


def _next_step(run: Run) -> str:
    if run.status.final:
        return f"agent retry {run.task_id} makes a new run of it."
    return f"agent logs {run.task_id} shows where it stands."


def _audit(kind: str, by: str, run: Run, now: float) -> None:
    audit.add(kind, by, {}, now, task_id=run.task_id, run_id=run.id)
