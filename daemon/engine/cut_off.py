"""What becomes of a step that a crash cut off, by its effect (STATES.md, step)."""

import asyncio
from dataclasses import dataclass

from daemon.domain.approval import ApprovalKind, ApprovalState
from daemon.domain.call import Happened, Outcome, ToolCall
from daemon.domain.effect import Effect
from daemon.domain.ended import Suspended
from daemon.domain.errors import NoSnapshot
from daemon.domain.ports import Circumstances, Tool
from daemon.domain.run import Run, RunStatus, WaitingFor
from daemon.domain.step import Step
from daemon.domain.task import Task
from daemon.domain.to_its_end import to_its_end
from daemon.engine import outcome
from daemon.engine.intent import announce
from daemon.engine.journal import Journal
from daemon.engine.parts import Parts
from daemon.engine.snapshots import KEPT_BEFORE, Snapshots
from daemon.store import approvals, database, runs

CUT_OFF = "Cut off by a restart; partial results are possible."
TURNED_BACK = "Cut off by a restart. The owner then took the workspace back; it was not done again."


@dataclass(frozen=True, slots=True)
class Repeat:
    """Do the step again."""


Rule = Repeat | Outcome | Suspended


async def rule_for(
    parts: Parts,
    journal: Journal,
    snapshots: Snapshots,
    tool: Tool,
    call: ToolCall,
    step: Step,
    at: Circumstances,
) -> Rule:
    """Say how to go on with a step that has an intent and no outcome; brings the workspace back where that helps."""
    answered = await parts.thread.call(_answered_question, journal.run, call)
    if answered is not None:
        return answered
    if step.effect in (Effect.READ, Effect.FETCH):
        return Repeat()
    if step.effect is None or not step.effect.leaves_the_house:
        return await _inside(journal, snapshots, step)
    return await _outside(parts, journal, tool, call, step, at)


async def _inside(journal: Journal, snapshots: Snapshots, step: Step) -> Rule:
    """Bring the workspace back to where it was before the step; what cannot be brought back is not repeated."""
    if any(later.turns_back for later in journal.steps[step.seq :]):
        return Outcome(TURNED_BACK, failed=True)
    reaches_out = step.effect is Effect.COMPUTE and any(folder.writable for folder in journal.task.folders)
    if step.effect not in KEPT_BEFORE or step.snapshot is None or reaches_out:
        return Outcome(CUT_OFF, failed=True)
    try:
        # A workspace that somebody else goes on with must not be brought back behind their back.
        await to_its_end(asyncio.to_thread(snapshots.restore, step.snapshot))
    except NoSnapshot:
        return Outcome(CUT_OFF, failed=True)
    return Repeat()


async def _outside(parts: Parts, journal: Journal, tool: Tool, call: ToolCall, step: Step, at: Circumstances) -> Rule:
    """Let the tool's own check decide, or else the owner."""
    asked = await parts.thread.call(approvals.answered, step.run_id, ApprovalKind.UNKNOWN, _digest(call, step))
    if asked is None:
        await parts.thread.call(outcome.mark_unknown, journal.run, step, parts.clock.now())
        happened = await tool.check(call.arguments, at)
        if happened is Happened.DONE:
            return Outcome("Done before the restart; it was not repeated.")
        if happened is Happened.NOT_DONE:
            return Repeat()
        await parts.thread.call(_ask, parts, journal.task, journal.run, call, step)
        return Suspended(WaitingFor.OWNER)
    if asked.state is ApprovalState.OPEN:
        return Suspended(WaitingFor.OWNER)
    if asked.state is ApprovalState.APPROVED:
        return Repeat()
    return Outcome("Nobody knows whether this happened; it was not repeated.", failed=True)


def _ask(parts: Parts, task: Task, run: Run, call: ToolCall, step: Step) -> None:
    now = parts.clock.now()
    text = (
        f"{call.tool} was cut off by a restart, and whether it happened cannot be found out:\n"
        + "\n".join(f"  {name}: {value}" for name, value in call.arguments.items())
        + "\nDo it (again)? Yes repeats it; no leaves it as it is and the run goes on."
    )
    with database.transaction():
        runs.fence(run)
        asked = approvals.add(
            run,
            ApprovalKind.UNKNOWN,
            call={"tool": call.tool, "arguments": dict(call.arguments)},
            digest=_digest(call, step),
            shown=text,
            now=now,
            lifetime=parts.lifetime,
        )
        announce(task, run, asked.id, text, now)
        runs.move(run.id, RunStatus.WAITING, now, why="it is unknown what happened", waiting_for=WaitingFor.OWNER)


def _digest(call: ToolCall, step: Step) -> str:
    # The time makes each cut-off of the same step a question of its own: repeating the step changes it.
    return f"{call.digest()}:{step.seq}:{step.started_at!r}"


def _answered_question(run: Run, call: ToolCall) -> Outcome | Suspended | None:
    """Give the owner's answer to a question of the agent's own."""
    asked = approvals.answered(run.id, ApprovalKind.QUESTION, outcome.question_digest(call))
    if asked is None:
        return None
    if asked.state is ApprovalState.OPEN:
        return Suspended(WaitingFor.OWNER)
    if asked.state is ApprovalState.APPROVED:
        return Outcome(asked.answer)
    if asked.state is ApprovalState.EXPIRED:
        return Outcome("The owner did not answer in time.", failed=True)
    return Outcome(f"The owner declined{': ' + asked.answer if asked.answer else '.'}", failed=True)
