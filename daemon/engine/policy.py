"""The verdict on a tool call: the owner's rules first, then the table of POLICY.md. Pure functions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from daemon.domain.call import ToolCall
from daemon.domain.canonical import canonical
from daemon.domain.effect import Effect, Label, Labels
from daemon.domain.rules import Policy, Rule, Verdict

_BOTH = frozenset({Label.UNTRUSTED, Label.PRIVATE})


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict and why: the rule's place or the row of the table, and a sentence."""

    verdict: Verdict
    rule: str
    reason: str


def judge(policy: Policy, call: ToolCall, effect: Effect, labels: Labels, agent: str, *, spelled_out: bool) -> Decision:
    """Decide on one call. `deny` rules come first, then the first rule that fits, then the table."""
    fitting = [rule for rule in policy.rules if _fits(rule, call, effect, labels, agent)]
    for rule in fitting:
        if rule.verdict is Verdict.DENY:
            return Decision(Verdict.DENY, rule.source, rule.reason or "a rule denies it")
    for rule in fitting:
        if rule.verdict is Verdict.ASK or labels <= rule.label:
            return Decision(rule.verdict, rule.source, rule.reason or "a rule of yours names it")
    return _by_table(effect, labels, spelled_out=spelled_out)


def spelled_out(targets: tuple[str, ...], owner_words: str) -> bool:
    """Say whether every target stands in the owner's own words, as a whole word."""
    return bool(targets) and all(_stands_in(target, owner_words) for target in targets)


def _stands_in(target: str, words: str) -> bool:
    start = words.find(target) if target else -1
    while start >= 0:
        before = words[start - 1 : start]
        after = words[start + len(target) : start + len(target) + 1]
        if not _joins(before) and not _joins(after):
            return True
        start = words.find(target, start + 1)
    return False


def _joins(character: str) -> bool:
    return bool(character) and (character.isalnum() or character in "@/_-+%")


def _by_table(effect: Effect, labels: Labels, *, spelled_out: bool) -> Decision:
    row = f"table: {effect}, {' and '.join(sorted(labels)) or 'no label'}"
    allowed, because, why_ask = _TABLE[effect]
    if allowed(labels, spelled_out):
        return Decision(Verdict.ALLOW, row, because)
    return Decision(Verdict.ASK, row, why_ask)


_Cell = Callable[[Labels, bool], bool]

_INSIDE: tuple[_Cell, str, str] = (lambda _labels, _spelled: True, "it stays in the run's own workspace", "")
_TABLE: dict[Effect, tuple[_Cell, str, str]] = {
    Effect.READ: _INSIDE,
    Effect.COMPUTE: _INSIDE,
    Effect.WRITE: _INSIDE,
    Effect.FETCH: (
        lambda labels, _spelled: labels != _BOTH,
        "it only fetches",
        "the run has read private and untrusted things",
    ),
    Effect.SEND: (
        lambda labels, spelled: spelled and labels == frozenset({Label.PRIVATE}),
        "you named the recipient yourself",
        "it is sent to somebody else",
    ),
    Effect.CHANGE: (
        lambda labels, spelled: spelled and Label.UNTRUSTED not in labels,
        "you spelled it out yourself",
        "it changes something outside",
    ),
    Effect.SELF: (lambda _labels, _spelled: False, "", "it changes the agent itself"),
}
"""POLICY.md, default verdicts: whether it is allowed, why then, and why else it is asked."""


def _fits(rule: Rule, call: ToolCall, effect: Effect, labels: Labels, agent: str) -> bool:
    return (
        fnmatchcase(call.tool, rule.tool)
        and fnmatchcase(agent, rule.agent)
        and (not rule.effect or effect in rule.effect)
        and (rule.verdict is Verdict.ALLOW or rule.label <= labels)
        and _arguments_fit(rule.arguments, call.arguments)
        and not (rule.only and isinstance(rule.arguments, Mapping) and set(call.arguments) - set(rule.arguments))
    )


def _arguments_fit(pattern: Mapping[str, str] | str | None, arguments: Mapping[str, Any]) -> bool:
    if pattern is None:
        return True
    if isinstance(pattern, str):
        return fnmatchcase(canonical(dict(arguments)), pattern)
    return all(name in arguments and fnmatchcase(_text(arguments[name]), glob) for name, glob in pattern.items())


def _text(value: object) -> str:
    return value if isinstance(value, str) else canonical(value)
