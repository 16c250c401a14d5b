"""The owner's answer to a question: recorded once, by compare-and-set, and the run goes on (STATES.md, approval)."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from daemon.domain.approval import Approval, ApprovalKind, ApprovalState
from daemon.domain.errors import BadInput, InvalidState, Refused
from daemon.domain.failpoint import failpoint
from daemon.domain.limits import Limits, Measure
from daemon.domain.message import OutgoingKind
from daemon.domain.own_rule import OwnRule
from daemon.domain.principal import Principal, Role
from daemon.domain.run import RunStatus, WaitingFor
from daemon.domain.update import UpdateKind
from daemon.domain.visible import visible
from daemon.engine.own_rules import proposed
from daemon.engine.questions import ask_again
from daemon.engine.queue_message import queue
from daemon.store import approvals, audit, database, history, ledger, own_rules, runs, tasks


def decide(
    approval_id: str, yes: bool, answer: str, by: Principal, now: float, always: Collection[str] | None = None
) -> tuple[Approval, OwnRule | None]:
    """Answer an open question; gives it, and the rule that was made.

    With `always` a yes to a call also makes a rule, in which the arguments that it names may be any. Raises Refused for
    anybody but the owner, InvalidState when it is answered, expired or withdrawn already, BadInput when a question with
    choices got another answer, or where there can be no rule.
    """
    if by.role is not Role.OWNER:
        raise Refused("Only the owner answers questions.", "Ask the owner.")
    with database.transaction():
        asked = approvals.get(approval_id)
        answer = _checked(asked, yes, visible(answer).strip())
        state = ApprovalState.APPROVED if yes else ApprovalState.REJECTED
        if not approvals.decide(asked.id, state, answer, f"{by.channel}:{by.proof}", by.channel, now):
            raise _too_late(approvals.get(approval_id), now)
        history.add(asked.task_id, asked.run_id, UpdateKind.ANSWER, f"{state}{': ' + answer if answer else ''}", now)
        audit.add(
            f"answered {state}",
            f"{by.role}:{by.channel}:{by.proof}",
            {"approval": asked.id, "kind": asked.kind, "digest": asked.digest, "answer": answer},
            now,
            task_id=asked.task_id,
            run_id=asked.run_id,
        )
        rule = _made_rule(asked, always, by, now) if yes and always is not None else None
        if yes and asked.kind is ApprovalKind.BUDGET:
            _raise(asked)
        _go_on(asked.run_id, now)
        decided = approvals.get(approval_id)
    failpoint("decide.recorded")
    return decided, rule


def edit(approval_id: str, changes: Mapping[str, object], by: Principal, now: float) -> Approval:
    """Change the arguments of a call that is asked about; gives the question about the changed call, which is shown.

    Nothing is approved by that. Raises as `decide` does, and BadInput where nothing is changed or the question is about
    no call.
    """
    if by.role is not Role.OWNER:
        raise Refused("Only the owner answers questions.", "Ask the owner.")
    with database.transaction():
        asked = approvals.get(approval_id)
        call = _changed(asked, changes)
        if not approvals.decide(asked.id, ApprovalState.EDITED, "", f"{by.channel}:{by.proof}", by.channel, now):
            raise _too_late(approvals.get(approval_id), now)
        run, task = runs.get(asked.run_id), tasks.get(asked.task_id)
        anew = ask_again(asked, call, task, run, now, asked.expires_at - asked.created_at)
        detail = {"approval": asked.id, "instead": anew.id, "digest": anew.digest}
        actor = f"{by.role}:{by.channel}:{by.proof}"
        audit.add("answered edited", actor, detail, now, task_id=asked.task_id, run_id=asked.run_id)
        history.add(asked.task_id, asked.run_id, UpdateKind.ANSWER, "edited", now)
    failpoint("decide.recorded")
    return anew


def _changed(asked: Approval, changes: Mapping[str, object]) -> dict[str, Any]:
    if asked.kind is not ApprovalKind.CALL:
        raise BadInput(
            "This question is about no call whose arguments could be changed.", "Answer it yes or no."
        ).worded("error.no_call")
    call: dict[str, Any] = json.loads(asked.call)
    arguments = call["arguments"] | dict(changes)
    if arguments == call["arguments"]:
        raise BadInput("That changes nothing.", f"Its arguments: {', '.join(call['arguments'])}.").worded("error.same")
    return call | {"arguments": arguments}


def revoke(rule_id: int, by: Principal, now: float) -> OwnRule:
    """Let a rule that a yes made no longer count; raises NotFound, and Refused for anybody but the owner."""
    if by.role is not Role.OWNER:
        raise Refused("Only the owner changes rules.", "Ask the owner.")
    with database.transaction():
        rule = own_rules.revoke(rule_id, now)
        audit.add("rule revoked", f"{by.role}:{by.channel}:{by.proof}", {"rule": rule.id, "words": rule.words}, now)
    return rule


def _made_rule(asked: Approval, free: Collection[str], by: Principal, now: float) -> OwnRule:
    found = runs.plan_of(asked.run_id)
    agent = found[0] if found else ""
    rule = own_rules.add(proposed(asked, agent, runs.get(asked.run_id).labels, free, now))
    detail = {"rule": rule.id, "words": rule.words, "approval": asked.id}
    actor = f"{by.role}:{by.channel}:{by.proof}"
    audit.add("rule made", actor, detail, now, task_id=asked.task_id, run_id=asked.run_id)
    return rule


def expire(now: float) -> list[Approval]:
    """Close the questions that nobody answered in time, with a notice each."""
    due = approvals.next_expiry()
    if due is None or due > now:
        return []
    with database.transaction():
        expired = approvals.expire(now)
        for asked in expired:
            first_line = asked.shown.splitlines()[0] if asked.shown else asked.kind
            queue(
                tasks.get(asked.task_id),
                OutgoingKind.NOTICE,
                f"Nobody answered in time, so this was not done: {first_line}",
                now,
                run_id=asked.run_id,
                once=f"expired:{asked.id}",
                says={"key": "expired", "what": first_line} | _called(asked),
            )
            audit.add("expired", "clock", {"approval": asked.id}, now, task_id=asked.task_id, run_id=asked.run_id)
            _go_on(asked.run_id, now)
        return expired


def _called(asked: Approval) -> dict[str, Any]:
    """Give whose call a question was about, for who says it in another language."""
    if asked.kind is not ApprovalKind.CALL:
        return {}
    return {"call": {"agent": asked.why.get("agent", ""), "tool": json.loads(asked.call)["tool"]}}


def _checked(asked: Approval, yes: bool, answer: str) -> str:
    if asked.kind is ApprovalKind.QUESTION and yes:
        if not answer:
            raise BadInput(
                "This question wants an answer in words.", f'agent approve {asked.id[:8]} "your answer"'
            ).worded("error.in_words")
        if asked.choices and answer not in asked.choices:
            choices = ", ".join(asked.choices)
            raise BadInput(f"The answer must be one of: {choices}.", "Answer with one of them.").worded(
                "error.choices", choices=choices
            )
    if asked.kind is not ApprovalKind.QUESTION and yes and answer:
        raise BadInput(
            "A yes with other words in it approves nothing.",
            f"Say agent approve {asked.id[:8]} alone, or agent reject {asked.id[:8]} with the reason.",
        )
    return answer


def _too_late(asked: Approval, now: float) -> InvalidState:
    state = ApprovalState.EXPIRED if asked.state is ApprovalState.OPEN and asked.expires_at <= now else asked.state
    became = "has expired" if state is ApprovalState.EXPIRED else f"was {state} already"
    told = f"The question {asked.id[:8]} {became}; nothing was changed."
    return InvalidState(told, "agent approvals shows what is open.").worded("error.late")


def _go_on(run_id: int, now: float) -> None:
    """Make the run pending once nothing is open any more; a paused run stays paused."""
    run = runs.get(run_id)
    waits = run.status is RunStatus.WAITING and run.waiting_for in (WaitingFor.OWNER, WaitingFor.BUDGET)
    if waits and not approvals.open_ones(run_id):
        runs.move(run_id, RunStatus.PENDING, now, why="answered", waiting_for=None)


def _raise(asked: Approval) -> None:
    call = json.loads(asked.call)
    measure, bound = Measure(call["measure"]), int(call["bound"])
    if call["scope"] == "run":
        run = runs.get(asked.run_id)
        runs.set_limits(run.id, run.limits.raised(measure, _higher(run.limits, measure, bound)))
    else:
        _, raised = ledger.spent(call["scope"])
        ledger.raise_limit(call["scope"], raised.raised(measure, _higher(raised, measure, bound)))


def _higher(limits: Limits, measure: Measure, bound: int) -> int:
    """Give the bound, or what it was raised to meanwhile: a yes never lowers a limit."""
    present: int | None = getattr(limits, measure.value)
    return bound if present is None else max(present, bound)
