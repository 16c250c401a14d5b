"""Model calls: reserve, intent, ask, outcome, settle. A call that a crash cut off is asked again."""

import asyncio
from typing import Any

from daemon.domain.call import Outcome, ToolCall
from daemon.domain.effect import NO_LABELS, Label
from daemon.domain.ended import Failed, Suspended
from daemon.domain.errors import AgentError, ContextFull, ModelRefused, ModelUnavailable
from daemon.domain.failpoint import failpoint
from daemon.domain.limits import Usage
from daemon.domain.message import OutgoingKind
from daemon.domain.model import Attempt, ModelReply, ModelRequest
from daemon.domain.ports import Model
from daemon.domain.run import Run, RunStatus, WaitingFor
from daemon.domain.step import TOO_LONG, Step, StepKind, StepStatus
from daemon.domain.task import Task
from daemon.engine import budget, intent, live, outcome
from daemon.engine.journal import Journal
from daemon.engine.parts import Parts
from daemon.engine.queue_message import queue
from daemon.engine.redaction.outcomes import clean_reply
from daemon.engine.request import digest_of_request
from daemon.store import database, runs, steps

_CALL = Usage(steps=1, model_calls=1)
_FROM_OUTSIDE = frozenset({Label.UNTRUSTED})
_FIRST_WAIT = 30.0
_LONGEST_WAIT = 900.0


async def ask_model(journal: Journal, model: Model, request: ModelRequest, agent: str) -> Suspended | Failed | None:
    """Ask the model and record its answer as the next step."""
    await _close_cut_off(journal)
    try:
        most = await model.price(request)
    except ModelRefused as problem:
        return Failed(journal.parts.redact.text(str(problem)))
    except ModelUnavailable as problem:
        return await _wait_for_model(journal, await _open(journal, request, _CALL), problem)
    opened = await _open(journal, request, most + _CALL)
    if isinstance(opened, budget.Shortage):
        return await _wait_for_budget(journal, opened)
    failpoint("model.asked")
    began = journal.parts.clock.now()
    try:
        async with live.speaking(journal.parts, journal.run) as say:
            reply = await model.complete(request, most, say)
    except ModelUnavailable as problem:
        return await _unanswered(journal, opened, problem, agent, began)
    except AgentError as problem:
        # Nobody can say what it took, so what was reserved for it stays spent.
        return await _give_up(journal, opened, ModelReply(str(problem), usage=most), agent, began)
    failpoint("model.answered")
    await _record(journal, opened, reply, agent, began)
    return None


async def _unanswered(
    journal: Journal, step: Step, problem: ModelUnavailable, agent: str, began: float
) -> Suspended | Failed | None:
    """Record that there was no reply: the agent makes a shorter request, or the run waits, or it ends."""
    reply = _without_words(problem)
    if isinstance(problem, ContextFull):
        await _record(journal, step, reply, agent, began, why=TOO_LONG)
        return None
    if isinstance(problem, ModelRefused):
        return await _give_up(journal, step, reply, agent, began)
    return await _wait_for_model(journal, step, problem)


async def _give_up(journal: Journal, step: Step, reply: ModelReply, agent: str, began: float) -> Failed:
    await _record(journal, step, reply, agent, began, why="failed")
    return Failed(journal.parts.redact.text(reply.text))


async def _open(journal: Journal, request: ModelRequest, reserved: Usage) -> Step | budget.Shortage:
    """Reserve and write the intent."""
    parts = journal.parts
    # The messages are a fold over the steps before, so their digest is enough to tell a replay from another request.
    given = steps.inline({"tier": request.tier, "messages": len(request.messages), "tools": len(request.tools)})
    opened = await parts.thread.call(
        intent.open_model_call,
        journal.run,
        request.tier,
        given,
        digest_of_request(request),
        reserved,
        parts.limits,
        parts.clock.now(),
    )
    return opened if isinstance(opened, budget.Shortage) else await journal.reread(opened)


def _without_words(problem: ModelUnavailable) -> ModelReply:
    taken = sum((attempt.usage for attempt in problem.attempts), Usage())
    return ModelReply(str(problem), usage=taken, attempts=problem.attempts)


async def _record(journal: Journal, step: Step, reply: ModelReply, agent: str, began: float, *, why: str = "") -> None:
    """Record a reply, or with `why` that there was none. What is recorded is what is executed, after a crash too."""
    parts, now = journal.parts, journal.parts.clock.now()
    reply = await asyncio.to_thread(clean_reply, parts.redact, reply)
    ended = outcome.Ended(
        status=StepStatus.FAILED if why else StepStatus.DONE,
        output=await parts.thread.call(steps.prepare, parts.home, _written(reply, why)),
        usage=reply.usage + _CALL + Usage(seconds=max(0, round(now - began))),
        # What the provider itself looked up stands in the reply: text from outside.
        outcome=Outcome(reply.text, labels=_FROM_OUTSIDE if reply.elsewhere else NO_LABELS),
        model=reply.model,
    )
    await parts.thread.call(outcome.record, journal.task, journal.run, step, ended, agent, now)
    await journal.reread(step.seq)
    failpoint("call.recorded")


def _written(reply: ModelReply, why: str = "") -> dict[str, Any]:
    """Give a reply as it stands in the journal; what is empty does not."""
    more = {
        "problems": list(reply.problems),
        "elsewhere": [_call(call) for call in reply.elsewhere],
        "kept": dict(reply.kept),
        "attempts": [_attempt(attempt) for attempt in reply.attempts],
        "why": why,
    }
    return {"text": reply.text, "calls": [_call(call) for call in reply.calls]} | {k: v for k, v in more.items() if v}


def _call(call: ToolCall) -> dict[str, Any]:
    return {"id": call.id, "tool": call.tool, "arguments": dict(call.arguments)}


def _attempt(attempt: Attempt) -> dict[str, Any]:
    more = {"estimated": True} if attempt.estimated else {}
    return more | {
        "model": attempt.model,
        "tokens": attempt.usage.tokens,
        "money": attempt.usage.money,
        "seconds": round(attempt.seconds, 3),
        "problem": attempt.problem,
    }


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


async def _wait_for_model(
    journal: Journal, opened: Step | budget.Shortage, problem: ModelUnavailable
) -> Suspended | Failed:
    """Let the run wait until it is tried again."""
    if isinstance(opened, budget.Shortage):
        return await _wait_for_budget(journal, opened)
    parts = journal.parts
    reply = await asyncio.to_thread(clean_reply, parts.redact, _without_words(problem))
    await parts.thread.call(_write_wait, parts, journal.task, journal.run, opened, reply, problem.wait)
    return Suspended(WaitingFor.MODEL)


def _write_wait(parts: Parts, task: Task, run: Run, step: Step, reply: ModelReply, asked: float | None) -> None:
    """Wait with a growing pause, and say so once; a call that nobody took costs no more than its attempts took."""
    now = parts.clock.now()
    used = Usage(steps=1) + reply.usage
    with database.transaction():
        runs.fence(run)
        given = steps.inline(_written(reply, "unavailable"))
        steps.end(run, step.seq, StepStatus.FAILED, given, now=now, usage=used)
        budget.settle(run, step.reserved, used, now)
        failures = steps.failures_at_the_end(run.id)
        pause = min(_FIRST_WAIT * 2 ** (failures - 1), _LONGEST_WAIT)
        pause = max(pause, min(asked or 0, _LONGEST_WAIT))
        once = f"down:{run.id}"
        says = {"key": "models_down", "why": reply.text}
        text = f"{reply.text} I try again by myself."
        queue(task, OutgoingKind.NOTICE, text, now, run_id=run.id, once=once, says=says)
        runs.move(run.id, RunStatus.WAITING, now, why=reply.text, waiting_for=WaitingFor.MODEL, retry_at=now + pause)
