"""Judging a house after a storm: every rule with what breaks it."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.storm import book_rules, effect_rules, run_rules, store_rules
from tests.storm.facts import Facts
from tests.storm.outside import Outside

Rule = Callable[[Facts, Outside], Iterator[str]]

RULES: Sequence[Rule] = (
    run_rules.one_final_state,
    run_rules.one_result,
    run_rules.nothing_lost,
    run_rules.nothing_open,
    run_rules.steps_in_order,
    run_rules.script_followed,
    effect_rules.not_repeated,
    effect_rules.done_means_done,
    effect_rules.recorded,
    effect_rules.never_without_yes,
    effect_rules.unknown_asked_once,
    effect_rules.messages_sent,
    effect_rules.questions_sent,
    book_rules.runs_add_up,
    book_rules.days_add_up,
    book_rules.charges_are_booked,
)
_EXPECTED = ("tool failed",)
"""Errors in the log that the counting server causes on purpose."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule and what breaks it."""

    rule: str
    broken: tuple[str, ...]


def judge(facts: Facts, outside: Outside, blobs: Path) -> list[Verdict]:
    """Hold everything against every rule."""
    verdicts = [Verdict(_name(rule), tuple(rule(facts, outside))) for rule in RULES]
    return [*verdicts, *judge_files(facts, blobs)]


def judge_files(facts: Facts, blobs: Path) -> list[Verdict]:
    """Hold only the files against their rules."""
    return [
        Verdict("store_rules.whole", tuple(store_rules.whole(facts))),
        Verdict("store_rules.chain", tuple(store_rules.chain(facts))),
        Verdict("store_rules.blobs", tuple(store_rules.blobs(facts, blobs))),
    ]


def judge_log(log: Path) -> Verdict:
    """Look for errors that nothing in the storm explains."""
    return Verdict("log.no_errors", tuple(_errors(log.read_text(errors="replace").splitlines())))


def _errors(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        try:
            said = json.loads(line)
        except ValueError:
            yield line[:200]
            continue
        if said.get("level") in ("error", "critical") and said.get("event") not in _EXPECTED:
            yield line[:400]


def _name(rule: Rule) -> str:
    return f"{rule.__module__.rpartition('.')[2]}.{rule.__name__}"
