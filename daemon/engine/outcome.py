"""After a step happened: outcome, labels, books, and what the tool asked the house to record, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from daemon.domain.approval import ApprovalKind
from daemon.domain.call import Ask, Emit, Finish, Note, Outcome, Progress, Send, ToolCall
from daemon.domain.limits import Usage
from daemon.domain.message import OutgoingKind
from daemon.domain.run import Run, RunStatus, WaitingFor
from daemon.domain.step import Step, StepStatus
from daemon.domain.task import Task
from daemon.domain.update import UpdateKind
from daemon.engine import budget
from daemon.engine.intent import announce, run_actor
from daemon.engine.queue_message import queue
from daemon.store import approvals, audit, daily, database, history, runs, steps, tasks
from daemon.store.steps import Prepared


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of a step, ready to be written."""

    status: StepStatus
    output: Prepared
    usage: Usage
    outcome: Outcome
    model: str = ""


def output_of(outcome: Outcome) -> dict[str, Any]:
    """Give the JSON value by which an outcome is kept and replayed."""
    value: dict[str, Any] = {"text": outcome.text, "files": list(outcome.files), "failed": outcome.failed}
    if outcome.fresh:
        value["fresh"] = True
    finish = next((emit for emit in outcome.emits if isinstance(emit, Finish)), None)
    if finish is not None:
        value |= {"finish": True, "text": finish.text, "files": list(finish.files)}
    return value


def record(task: Task, run: Run, step: Step, ended: Ended, agent: str, now: float) -> None:
    """Write the outcome of a started step with everything that depends on it."""
    with database.transaction():
        runs.fence_outcome(run)
        steps.end(
            run,
            step.seq,
            ended.status,
            ended.output,
            now=now,
            labels=ended.outcome.labels,
            usage=ended.usage,
            model=ended.model,
        )
        if ended.outcome.labels:
            runs.add_labels(run.id, ended.outcome.labels)
        budget.settle(run, step.reserved, ended.usage, now)
        _emit(task, run, step.seq, ended.outcome.emits, now)
        daily.add_step(agent, ended.model, ended.usage, now)
        detail = {
            "seq": step.seq,
            "status": ended.status,
            "model": ended.model,
            "labels": sorted(ended.outcome.labels),
        }
        audit.add("outcome", run_actor(run), detail, now, task_id=task.id, run_id=run.id)


def record_question(task: Task, run: Run, call: ToolCall, ask: Ask, lifetime: float, now: float) -> None:
    """Write a question of the agent's own; the step stays open and the run waits for the answer."""
    with database.transaction():
        runs.fence(run)
        asked = approvals.add(
            run,
            ApprovalKind.QUESTION,
            call={"tool": call.tool, "arguments": dict(call.arguments)},
            digest=question_digest(call),
            shown=ask.question,
            choices=ask.choices,
            now=now,
            lifetime=lifetime,
        )
        announce(task, run, asked.id, ask.question, now)
        runs.move(run.id, RunStatus.WAITING, now, why="it asks", waiting_for=WaitingFor.OWNER)


def question_digest(call: ToolCall) -> str:
    """Name this very question: the call and the place it has in its run."""
    return f"{call.digest()}:{call.id}"


def mark_unknown(run: Run, step: Step, now: float) -> None:
    """Write that nobody knows whether a step happened; what was reserved for it stays spent."""
    with database.transaction():
        runs.fence_outcome(run)
        steps.mark(run.id, step.seq, StepStatus.UNKNOWN)
        audit.add("unknown", run_actor(run), {"seq": step.seq}, now, task_id=run.task_id, run_id=run.id)


def _emit(task: Task, run: Run, seq: int, emits: Sequence[Emit], now: float) -> None:
    for position, emit in enumerate(emits):
        if isinstance(emit, Send):
            queue(task, OutgoingKind.MESSAGE, emit.text, now, run_id=run.id, once=f"send:{run.id}:{seq}:{position}")
        elif isinstance(emit, Note):
            history.add(task.id, run.id, UpdateKind.NOTE, emit.text, now)
            if emit.key is not None:
                tasks.set_note(task.id, emit.key, emit.text, now)
        elif isinstance(emit, Progress):
            runs.set_progress(run, emit.percent, emit.stage)
            history.add(task.id, run.id, UpdateKind.PROGRESS, f"{emit.percent}% {emit.text}".strip(), now)
