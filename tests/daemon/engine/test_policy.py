"""POLICY.md, cell by cell."""

import pytest

from daemon.domain.call import ToolCall
from daemon.domain.effect import NO_LABELS, Effect, Label, Labels
from daemon.domain.rules import Policy, Preset, Rule, Verdict
from daemon.engine.policy import Known, judge, known_targets, spelled_out

U, P = frozenset({Label.UNTRUSTED}), frozenset({Label.PRIVATE})
BOTH = U | P
COLUMNS = (NO_LABELS, U, P, BOTH)
A, Q = Verdict.ALLOW, Verdict.ASK
TABLE = {
    Effect.READ: (A, A, A, A),
    Effect.COMPUTE: (A, A, A, A),
    Effect.WRITE: (A, A, A, A),
    Effect.FETCH: (A, A, A, Q),
    Effect.SEND: (Q, Q, Q, Q),
    Effect.CHANGE: (Q, Q, Q, Q),
    Effect.SELF: (Q, Q, Q, Q),
}
SPELLED = TABLE | {Effect.FETCH: (A, A, A, A), Effect.SEND: (Q, Q, A, Q), Effect.CHANGE: (A, Q, A, Q)}
CELLS = [
    (effect, labels, spelled, verdict)
    for spelled, table in ((False, TABLE), (True, SPELLED))
    for effect, row in table.items()
    for labels, verdict in zip(COLUMNS, row, strict=True)
]
CALL = ToolCall("1", "shell", {"command": "rm -rf /", "count": 3})


def verdict(
    *rules: Rule, effect: Effect = Effect.CHANGE, labels: Labels = NO_LABELS, agent: str = "general"
) -> Verdict:
    return judge(Policy(Preset.CAREFUL, rules), CALL, effect, labels, agent).verdict


@pytest.mark.parametrize(("effect", "labels", "spelled", "expected"), CELLS)
def test_the_table_decides_what_no_rule_names(effect: Effect, labels: Labels, spelled: bool, expected: Verdict) -> None:
    decision = judge(Policy(Preset.CAREFUL, ()), CALL, effect, labels, "general", Known(spelled, seen=spelled))
    assert decision.verdict is expected
    assert decision.reason


def test_every_effect_stands_in_the_table() -> None:
    assert set(TABLE) == set(Effect)


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        (Rule(verdict=Verdict.DENY, tool="shell"), True),
        (Rule(verdict=Verdict.DENY, tool="sh*"), True),
        (Rule(verdict=Verdict.DENY, tool="python"), False),
        (Rule(verdict=Verdict.DENY, effect=frozenset({Effect.CHANGE})), True),
        (Rule(verdict=Verdict.DENY, effect=frozenset({Effect.READ})), False),
        (Rule(verdict=Verdict.DENY, arguments={"command": "*rm -rf*"}), True),
        (Rule(verdict=Verdict.DENY, arguments={"command": "*dd *"}), False),
        (Rule(verdict=Verdict.DENY, arguments={"path": "*"}), False),
        (Rule(verdict=Verdict.DENY, arguments={"count": "3"}), True),
        (Rule(verdict=Verdict.DENY, arguments='*"rm -rf /"*'), True),
        (Rule(verdict=Verdict.DENY, agent="code"), False),
        (Rule(verdict=Verdict.DENY, label=P), False),
    ],
)
def test_a_rule_fits_when_everything_that_it_names_fits(rule: Rule, fits: bool) -> None:
    assert (verdict(rule) is Verdict.DENY) is fits


def test_a_rule_that_allows_reaches_no_label_that_it_does_not_name() -> None:
    plain, named = Rule(verdict=A, tool="shell"), Rule(verdict=A, tool="shell", label=U)
    assert [verdict(plain, labels=labels) for labels in COLUMNS] == [A, Q, Q, Q]
    assert [verdict(named, labels=labels) for labels in COLUMNS] == [A, A, Q, Q]


def test_the_first_rule_that_fits_decides_after_all_denials() -> None:
    ask, allow, deny = (Rule(verdict=v, tool="shell") for v in (Q, A, Verdict.DENY))
    assert verdict(ask, allow) is Q
    assert verdict(allow, ask) is A
    assert verdict(allow, deny) is Verdict.DENY


@pytest.mark.parametrize(
    ("target", "words", "stands"),
    [
        ("bob@example.com", "write to bob@example.com.", True),
        ("bob@example.com", "write to notbob@example.com", False),
        ("bob@example.com", "write to bob@example.community", False),
        ("main", "push to main, now", True),
        ("main", "push to main-2", False),
        ("main", "push to maintenance and main", True),
        ("", "anything", False),
        ("bob@example.com", "mail bob@example.com.au", False),
        ("bob@example.com", "mail bob@example.com. Thanks", True),
        ("bob@example.com", "mail bob@example.com.", True),
        ("example.com", "see mail.example.com", False),
        ("example.org", "at example.org:8080", False),
        ("example.org", "at example.org: look", True),
        ("10", "pay 10.50", False),
        ("10", "pay $10.", True),
        ("https://example.org/a", "read https://example.org/a?x=1", False),
        ("https://example.org/a", "read https://example.org/a#b", False),
    ],
)
def test_spelled_out_means_the_very_value_as_a_word_of_its_own(target: str, words: str, stands: bool) -> None:
    assert spelled_out((target,), words) is stands


def test_nothing_is_spelled_out_where_a_tool_names_no_target() -> None:
    assert spelled_out((), "do whatever you like") is False


PAGE = 'Read <a href="https://example.org/a?b=1">more</a> or https://example.org/c.'


@pytest.mark.parametrize(
    ("target", "goal", "followed", "seen"),
    [
        ("https://example.org/a?b=1", "", 0, True),
        ("https://example.org/c", "", 19, True),
        ("https://example.org/c", "", 20, False),
        ("https://example.org/c", "look at https://example.org/c", 20, True),
        ("https://example.org/a", "", 0, False),
        ("https://example.org/a?b=1&secret=x", "", 0, False),
        ("https://example.org/", "", 0, False),
        ("example.org", "", 0, False),
        ("", "", 0, False),
    ],
)
def test_an_address_is_known_where_it_stands_as_it_is(target: str, goal: str, followed: int, seen: bool) -> None:
    assert known_targets((target,), goal, [PAGE], followed).seen is seen


def test_an_address_of_no_text_is_not_known() -> None:
    assert known_targets((), "anything", [PAGE], 0) == Known()
    assert not known_targets(("https://example.org/c", "https://example.org/d"), "", [PAGE], 0).seen
