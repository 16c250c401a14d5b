"""Model calls: reserve, intent, ask, outcome, settle. A call that a crash cut off is asked again."""

import asyncio

from daemon.domain.call import Outcome
from daemon.domain.ended import Failed, Suspended
from daemon.domain.errors import AgentError, ModelUnavailable
from daemon.domain.failpoint import failpoint
from daemon.domain.limits import Usage
from daemon.domain.message import OutgoingKind
from daemon.domain.model import ModelReply, ModelRequest
from daemon.domain.ports import Model
from daemon.domain.run import Run, RunStatus, WaitingFor
from daemon.domain.step import Step, StepKind, StepStatus
from daemon.domain.task import Task
from daemon.engine import budget, intent, outcome
from daemon.engine.journal import Journal
from daemon.engine.parts import Parts
from daemon.engine.queue_message import queue
from daemon.engine.redaction.outcomes import clean_reply
from daemon.engine.request import digest_of_request
from daemon.store import database, runs, steps

_CALL = Usage(steps=1, model_calls=1)
_FIRST_WAIT = 30.0
_LONGEST_WAIT = 900.0


async def ask_model(journal: Journal, model: Model, request: ModelRequest, agent: str) -> Suspended | Failed | None:
    """Ask the model and record its answer as the next step."""
    parts, run = journal.parts, journal.run
    await _close_cut_off(journal)
    # The messages are a fold over the steps before, so their digest is enough to tell a replay from another request.
    given = steps.inline({"tier": request.tier, "messages": len(request.messages), "tools": len(request.tools)})
    reserved = model.price(request) + _CALL
    opened = await parts.thread.call(
        intent.open_model_call,
        run,
        request.tier,
        given,
        digest_of_request(request),
        reserved,
        parts.limits,
        parts.clock.now(),
    )
    if isinstance(opened, budget.Shortage):
        return await _wait_for_budget(journal, opened)
    step = await journal.reread(opened)
    failpoint("model.asked")
    began = parts.clock.now()
    try:
        reply = await model.complete(request)
    except ModelUnavailable as problem:
        reason = parts.redact.text(str(problem))
        await parts.thread.call(_wait_for_model, parts, journal.task, run, step, reason)
        return Suspended(WaitingFor.MODEL)
    except AgentError as problem:
        failed = clean_reply(parts.redact, ModelReply(str(problem), usage=reserved - _CALL))
        await _record(journal, step, failed, agent, began, failed=True)
        return Failed(failed.text)
    failpoint("model.answered")
    # What is recorded is what is executed, after a crash too.
    reply = await asyncio.to_thread(clean_reply, parts.redact, reply)
    await _record(journal, step, reply, agent, began, failed=False)
    return None


async def _record(journal: Journal, step: Step, reply: ModelReply, agent: str, began: float, *, failed: bool) -> None:
    parts, now = journal.parts, journal.parts.clock.now()
    value = {
        "text": reply.text,
        "calls": [{"id": call.id, "tool": call.tool, "arguments": dict(call.arguments)} for call in reply.calls],
    }
    ended = outcome.Ended(
        status=StepStatus.FAILED if failed else StepStatus.DONE,
        output=await parts.thread.call(steps.prepare, parts.home, value),
        usage=reply.usage + _CALL + Usage(seconds=max(0, round(now - began))),
        outcome=Outcome(reply.text),
        model=reply.model,
    )
    await parts.thread.call(outcome.record, journal.task, journal.run, step, ended, agent, now)
    await journal.reread(step.seq)
    failpoint("call.recorded")


async def _close_cut_off(journal: Journal) -> None:
    """Close a model call that a crash cut off; what was reserved for it stays spent."""
    for step in journal.steps:
        if step.kind is StepKind.MODEL and step.ended_at is None:
            await journal.parts.thread.call(_mark_cut_off, journal.run, step, journal.parts.clock.now())
            await journal.reread(step.seq)


def _mark_cut_off(run: Run, step: Step, now: float) -> None:
    with database.transaction():
        runs.fence(run)
        steps.end(
            run, step.seq, StepStatus.UNKNOWN, steps.inline({"text": "", "calls": []}), now=now, usage=step.reserved
        )


async def _wait_for_budget(journal: Journal, shortage: budget.Shortage) -> Suspended | Failed:
    parts = journal.parts
    asked = await parts.thread.call(
        intent.ask_for_budget, journal.task, journal.run, shortage, parts.lifetime, parts.clock.now()
    )
    if not asked:
        return Failed(f"{shortage.shown().splitlines()[0]} It was not raised.")
    failpoint("ask.recorded")
    return Suspended(WaitingFor.BUDGET)


def _wait_for_model(parts: Parts, task: Task, run: Run, step: Step, reason: str) -> None:
    """Let the run wait with a growing pause, and say so once; a call that nobody took costs nothing."""
    now = parts.clock.now()
    with database.transaction():
        runs.fence(run)
        steps.end(
            run, step.seq, StepStatus.FAILED, steps.inline({"text": reason, "calls": []}), now=now, usage=Usage(steps=1)
        )
        budget.settle(run, step.reserved, Usage(steps=1), now)
        failures = steps.failures_at_the_end(run.id)
        pause = min(_FIRST_WAIT * 2 ** (failures - 1), _LONGEST_WAIT)
        queue(task, OutgoingKind.NOTICE, f"{reason} I try again by myself.", now, run_id=run.id, once=f"down:{run.id}")
        runs.move(run.id, RunStatus.WAITING, now, why=reason, waiting_for=WaitingFor.MODEL, retry_at=now + pause)
