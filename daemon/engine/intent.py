"""Before a step happens: reservation, spent approval and intent in one transaction."""

from typing import Any

from daemon.domain.approval import ApprovalKind, ApprovalState
from daemon.domain.call import ToolCall
from daemon.domain.effect import Effect
from daemon.domain.limits import Usage
from daemon.domain.message import OutgoingKind
from daemon.domain.run import Run, RunStatus, WaitingFor
from daemon.domain.step import StepKind, StepStatus
from daemon.domain.task import Task
from daemon.domain.update import UpdateKind
from daemon.engine import budget
from daemon.engine.budget import Shortage
from daemon.engine.queue_message import queue
from daemon.settings.sections import LimitSettings
from daemon.store import approvals, audit, database, history, runs, steps
from daemon.store.steps import Prepared


def open_call(
    run: Run,
    call: ToolCall,
    effect: Effect,
    given: Prepared,
    reserved: Usage,
    limits: LimitSettings,
    now: float,
    *,
    approval_id: str | None,
    why: dict[str, Any],
    snapshot: str | None = None,
) -> int | Shortage:
    """Write the intent of a tool call, or say which limit stands in its way."""
    with database.transaction():
        runs.fence(run)
        shortage = budget.reserve(run, reserved, limits, now)
        if shortage is not None:
            return shortage
        seq = steps.begin(
            run,
            StepKind.TOOL,
            call.tool,
            given,
            now=now,
            effect=effect,
            digest=call.digest(),
            call_id=call.id,
            reserved=reserved,
            snapshot=snapshot,
        )
        if approval_id is not None:
            approvals.use(approval_id, seq)
        audit.add("call", run_actor(run), why | {"seq": seq}, now, task_id=run.task_id, run_id=run.id)
        return seq


def reopen_call(run: Run, seq: int, reserved: Usage, limits: LimitSettings, now: float) -> Shortage | None:
    """Write that a step which was cut off is done again; its first reservation stays spent."""
    with database.transaction():
        runs.fence(run)
        shortage = budget.reserve(run, reserved, limits, now)
        if shortage is None:
            steps.restart(run, seq, now)
            audit.add("call repeated", run_actor(run), {"seq": seq}, now, task_id=run.task_id, run_id=run.id)
        return shortage


def open_model_call(
    run: Run, tier: str, given: Prepared, digest: str, reserved: Usage, limits: LimitSettings, now: float
) -> int | Shortage:
    """Write the intent of a model call, and the messages that steer it, or say which limit stands in its way."""
    with database.transaction():
        runs.fence(run)
        shortage = budget.reserve(run, reserved, limits, now)
        if shortage is not None:
            return shortage
        return steps.begin(run, StepKind.MODEL, tier, given, now=now, digest=digest, reserved=reserved)


def take_steering(run: Run, now: float) -> int:
    """Record the messages that came for this run as steps of their own; gives how many there were."""
    if not runs.steered(run.id):
        return 0
    with database.transaction():
        runs.fence(run)
        messages = runs.take_steering(run.id)
        for text, labels in messages:
            given = steps.inline({"text": text})
            steps.begin(run, StepKind.STEER, "owner", given, now=now, status=StepStatus.DONE, labels=labels)
            if labels:
                runs.add_labels(run.id, labels)
        return len(messages)


def ask_for_budget(task: Task, run: Run, shortage: Shortage, lifetime: float, now: float) -> bool:
    """Ask the owner to raise a limit, once; gives False where the owner has said no to this very question."""
    with database.transaction():
        runs.fence(run)
        asked = budget.question(run, shortage)
        if asked is not None and asked.state is not ApprovalState.OPEN:
            return False
        if asked is None:
            asked = approvals.add(
                run,
                ApprovalKind.BUDGET,
                call=shortage.call(),
                digest=shortage.digest,
                shown=shortage.shown(),
                now=now,
                lifetime=lifetime,
            )
            announce(task, run, asked.id, shortage.shown(), now)
        runs.move(
            run.id,
            RunStatus.WAITING,
            now,
            why="a limit is reached",
            waiting_for=WaitingFor.BUDGET,
        )
        return True


def announce(task: Task, run: Run, approval_id: str, shown: str, now: float) -> None:
    """Write a question to history, outbox and audit; part of the caller's transaction."""
    history.add(task.id, run.id, UpdateKind.QUESTION, shown, now)
    queue(
        task,
        OutgoingKind.APPROVAL,
        shown,
        now,
        run_id=run.id,
        approval_id=approval_id,
        once=f"approval:{approval_id}",
    )
    audit.add("asked", run_actor(run), {"approval": approval_id, "shown": shown}, now, task_id=task.id, run_id=run.id)


def run_actor(run: Run) -> str:
    """Name a run as the one who did something."""
    return f"run:{run.id}"
