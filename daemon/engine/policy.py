"""The verdict on a tool call: the owner's rules first, then the table of POLICY.md. Pure functions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from daemon.domain.call import ToolCall
from daemon.domain.canonical import canonical
from daemon.domain.effect import Effect, Label, Labels
from daemon.domain.rules import Policy, Rule, Verdict

_MOST_FOLLOWED = 20
_BOTH = frozenset({Label.UNTRUSTED, Label.PRIVATE})


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict and why: the rule's place or the row of the table, and a sentence."""

    verdict: Verdict
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Known:
    """Where the targets of a call come from.

    `spelled_out`: all of them stand in the words of the owner. `seen`: all of them stand there or in a text that was
    fetched, and few such addresses were fetched before.
    """

    spelled_out: bool = False
    seen: bool = False


def judge(
    policy: Policy, call: ToolCall, effect: Effect, labels: Labels, agent: str, known: Known = Known()
) -> Decision:
    """Decide on one call. `deny` rules come first, then the first rule that fits, then the table."""
    fitting = [rule for rule in policy.rules if _fits(rule, call, effect, labels, agent)]
    for rule in fitting:
        if rule.verdict is Verdict.DENY:
            return Decision(Verdict.DENY, rule.source, rule.reason or "a rule denies it")
    for rule in fitting:
        if rule.verdict is Verdict.ASK or labels <= rule.label:
            return Decision(rule.verdict, rule.source, rule.reason or "a rule of yours names it")
    return _by_table(effect, labels, known)


def known_targets(targets: tuple[str, ...], owner_words: str, fetched: Sequence[str], followed: int) -> Known:
    """Say where targets come from; `fetched` are texts that were fetched, `followed` how many of their addresses were.

    A page that reads private things out of a run by which of its links are followed gets few of them.
    """
    spelled = spelled_out(targets, owner_words)
    seen = spelled or (
        bool(targets)
        and followed < _MOST_FOLLOWED
        and all(any(_stands_in(target, text) for text in (owner_words, *fetched)) for target in targets)
    )
    return Known(spelled, seen)


def spelled_out(targets: tuple[str, ...], owner_words: str) -> bool:
    """Say whether every target stands in the owner's own words, as a whole word."""
    return bool(targets) and all(_stands_in(target, owner_words) for target in targets)


def _stands_in(target: str, words: str) -> bool:
    start = words.find(target) if target else -1
    while start >= 0:
        end = start + len(target)
        if not _goes_on(words[max(0, start - 2) : start][::-1]) and not _goes_on(words[end : end + 2]):
            return True
        start = words.find(target, start + 1)
    return False


def _goes_on(beside: str) -> bool:
    """Say whether an address goes on with these two characters: a full stop ends a sentence, or is one of a name."""
    first, second = beside[:1], beside[1:]
    if first and first in ".:":
        return second.isalnum() or second in ("/", "-", "_")
    return bool(first) and (first.isalnum() or first in "@/_-+%?&=#~")


def _by_table(effect: Effect, labels: Labels, known: Known) -> Decision:
    row = f"table: {effect}, {' and '.join(sorted(labels)) or 'no label'}"
    allowed, because, why_ask = _TABLE[effect]
    if allowed(labels, known):
        return Decision(Verdict.ALLOW, row, because)
    return Decision(Verdict.ASK, row, why_ask)


_Cell = Callable[[Labels, Known], bool]

_INSIDE: tuple[_Cell, str, str] = (lambda _labels, _known: True, "it stays in the run's own workspace", "")
_TABLE: dict[Effect, tuple[_Cell, str, str]] = {
    Effect.READ: _INSIDE,
    Effect.COMPUTE: _INSIDE,
    Effect.WRITE: _INSIDE,
    Effect.FETCH: (
        lambda labels, known: labels != _BOTH or known.seen,
        "it only fetches",
        "the run has read private and untrusted things, and this address stands in none of them as it is",
    ),
    Effect.SEND: (
        lambda labels, known: known.spelled_out and labels == frozenset({Label.PRIVATE}),
        "you named the recipient yourself",
        "it is sent to somebody else",
    ),
    Effect.CHANGE: (
        lambda labels, known: known.spelled_out and Label.UNTRUSTED not in labels,
        "you spelled it out yourself",
        "it changes something outside",
    ),
    Effect.SELF: (lambda _labels, _known: False, "", "it changes the agent itself"),
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
