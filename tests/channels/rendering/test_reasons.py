"""Why a task was done as it was, in the owner's words."""

import json

import pytest

from channels.rendering.reasons import reasons
from daemon.settings.words import load_words
from daemon.store.audit import AuditEntry


def entry(kind: str, **detail: object) -> AuditEntry:
    return AuditEntry(1, 0.0, kind, "run:1", 1, 1, json.dumps(detail), "", "")


PLANNED = entry("planned", agent="general")
BY_TABLE = entry("call", tool="shell", rule="table: compute, no label", seq=1)
BY_RULE = entry("call", tool="shell", rule="policy.yaml, line 3", seq=2)
BY_YES = entry("call", tool="send_mail", rule="table: send, private", approval="abc", seq=3)


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            [
                "Done by the agent general",
                "shell: allowed by the default rules (3 ×)",
                "shell: allowed by policy.yaml, line 3",
                "You said yes",
                "send_mail: allowed by your yes",
            ],
        ),
        (
            "de",
            [
                "Gemacht vom Agenten general",
                "shell: von den Grundregeln erlaubt (3 ×)",
                "shell: erlaubt durch policy.yaml, line 3",
                "Du hast Ja gesagt",
                "send_mail: durch dein Ja erlaubt",
            ],
        ),
    ],
)
def test_each_decision_is_a_line_in_the_owners_language_and_equal_ones_share_it(
    language: str, lines: list[str]
) -> None:
    said = entry("answered approved", approval="abc", answer="")
    entries = [PLANNED, BY_TABLE, BY_TABLE, BY_RULE, entry("asked", shown="x"), said, BY_YES, BY_TABLE]
    assert reasons(load_words(language), entries) == lines


def test_what_was_forgotten_says_nothing_and_a_skill_says_that_no_model_was_asked() -> None:
    forgotten = AuditEntry(1, 0.0, "call", "run:1", 1, 1, None, "", "")
    skill = entry("planned", agent="skill:disk-report", version="1")
    assert reasons(load_words("en"), [forgotten, skill]) == ["Done by the skill disk-report, without a model"]
