"""A yes that counts for ever: what it allows, as a rule of the policy."""

import json
from collections.abc import Collection, Mapping
from glob import escape
from typing import Any

from daemon.domain.approval import Approval, ApprovalKind
from daemon.domain.canonical import canonical
from daemon.domain.effect import Effect, Labels
from daemon.domain.errors import BadInput
from daemon.domain.own_rule import OwnRule
from daemon.domain.rules import Rule, Verdict
from daemon.store import approvals, own_rules, runs

_NEVER = frozenset({Effect.SELF})


def proposed(asked: Approval, agent: str, labels: Labels, free: Collection[str], now: float) -> OwnRule:
    """Give the rule that a yes to this question would make; `free` names the arguments that may then be any.

    Raises BadInput where there can be none.
    """
    call: Mapping[str, Any] = json.loads(asked.call)
    if asked.kind is not ApprovalKind.CALL:
        raise BadInput("Only a call can be allowed for ever, and this question is about something else.", _ALONE)
    if Effect(call["effect"]) in _NEVER:
        raise BadInput("What changes the agent itself is asked each time.", _ALONE)
    arguments: Mapping[str, Any] = call["arguments"]
    unknown = sorted(set(free) - set(arguments))
    if unknown:
        names = ", ".join(arguments) or "none"
        raise BadInput(f"The call has no argument {unknown[0]!r}.", f"Its arguments are: {names}.")
    texts = {name: None if name in free else _text(value) for name, value in arguments.items()}
    return OwnRule(0, call["tool"], agent, texts, labels, asked.id, now)


def of_question(approval_id: str, free: Collection[str], now: float) -> OwnRule:
    """Give the rule that a yes for ever to this question would be, with the arguments `free` any."""
    asked = approvals.get(approval_id)
    found = runs.plan_of(asked.run_id)
    return proposed(asked, found[0] if found else "", runs.get(asked.run_id).labels, free, now)


def active() -> tuple[Rule, ...]:
    """Give the rules that count now, in the form of the policy."""
    return tuple(map(as_rule, own_rules.active()))


def as_rule(own: OwnRule) -> Rule:
    """Give a rule in the form of the policy: every argument as it was, and no other."""
    return Rule(
        Verdict.ALLOW,
        tool=escape(own.tool),
        agent=escape(own.agent),
        arguments={name: "*" if value is None else escape(value) for name, value in own.arguments.items()},
        only=True,
        label=own.labels,
        reason="you allowed it for ever",
        source=f"your rule {own.id}",
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else canonical(value)


_ALONE = "Answer without --always."
