"""`agent why` and `agent audit`: who, what, by which rule and why, in words."""

import hashlib
import json
import time
from pathlib import Path
from typing import Any

import pytest

from daemon.domain.effect import Label
from daemon.domain.step import StepKind, StepStatus
from daemon.store import audit, database, runs, steps
from tests.channels.cli.conftest import Terminal
from tests.fakes import stories

SALES = "a,b\n1,2\n"
DIGEST = "4f2a1b3c" + "0" * 56
ENTRIES: list[tuple[str, str, dict[str, Any], str]] = [
    ("planned", "run:1", {"agent": "skill:csv-report", "frozen": DIGEST}, "done by the skill csv-report"),
    ("planned", "run:1", {"agent": "skill:a", "version": "2"}, "done by the skill a, version 2"),
    ("planned", "run:1", {"agent": "general", "frozen": DIGEST}, "done by the agent general"),
    ("planned", "run:1", {"agent": "code", "why": "you named it"}, "done by the agent code: you named it"),
    (
        "call",
        "run:1",
        {"tool": "run_skill", "seq": 1, "rule": "table: compute, no label", "reason": "it stays inside"}
        | {"approval": None, "verdict": "allow", "digest": DIGEST},
        "run_skill: allowed, because it stays inside (no rule of yours names it; the default for compute, no label)",
    ),
    (
        "call",
        "run:1",
        {"tool": "count", "seq": 2, "rule": "policy.yaml, line 12", "reason": "The owner allowed it."}
        | {"approval": None, "verdict": "allow"},
        "count: allowed, because The owner allowed it. (your rule in policy.yaml, line 12)",
    ),
    (
        "call",
        "run:1",
        {"tool": "shell", "seq": 3, "rule": "table: self, private", "reason": "it changes the agent itself"}
        | {"approval": DIGEST[:32], "verdict": "ask"},
        "shell: allowed by your yes to question 4f2a1b3c; it was asked, because it changes the agent itself (no rule of"
        " yours names it; the default for self, private)",
    ),
    (
        "call",
        "run:1",
        {"tool": "old", "seq": 4, "rule": "table: read, no label"},
        "old: allowed (no rule of yours names it; the default for read, no label)",
    ),
    ("call repeated", "run:1", {"seq": 1}, "run_skill: done again, since it was cut off"),
    ("outcome", "run:1", {"seq": 2, "status": "failed"}, "count: failed"),
    ("outcome", "run:1", {"seq": 99, "status": "done"}, "step 99: done"),
    ("unknown", "run:1", {"seq": 3}, "shell: nobody knows whether it happened"),
    ("asked", "run:1", {"approval": DIGEST, "shown": "rm it\nwhy"}, "asked you question 4f2a1b3c: rm it"),
    (
        "answered rejected",
        "owner:mail:a@b.c",
        {"approval": DIGEST, "kind": "call", "digest": DIGEST, "answer": "no thanks"},
        "you said no to question 4f2a1b3c in mail, with the words: no thanks",
    ),
    (
        "answered approved",
        "owner:cli:0",
        {"approval": DIGEST, "kind": "call", "digest": DIGEST, "answer": ""},
        "you said yes to question 4f2a1b3c in the terminal",
    ),
    ("expired", "clock", {"approval": DIGEST}, "question 4f2a1b3c expired: nobody answered"),
    ("recovered", "clock", {"attempt": 2}, "taken up again after it was cut off"),
    ("paused", "cli", {}, "paused in the terminal"),
    ("retried", "telegram", {}, "run again, asked in Telegram"),
    ("priority", "cli", {"priority": 5}, "priority 5, set in the terminal"),
    (
        "ended",
        "run:1",
        {"status": "done", "files": [["sales report.pdf", DIGEST]]},
        "ended: done, with sales report.pdf (4f2a1b3c)",
    ),
    ("newer kind", "clock", {"digest": DIGEST}, "newer kind by the daemon, digest: 4f2a1b3c"),
]


@pytest.fixture
def logged(terminal: Terminal, tmp_path: Path) -> Terminal:
    """Give a terminal with a task whose log has every kind of entry."""
    (tmp_path / "sales.csv").write_text(SALES)
    terminal.add("report on sales.csv", "--file", str(tmp_path / "sales.csv"))
    with database.transaction():
        for kind, actor, detail, _ in ENTRIES:
            audit.add(kind, actor, detail, time.time(), task_id=1, run_id=1)
    return terminal


@pytest.mark.parametrize("argv", [("why", "1"), ("audit", "--task", "1")], ids=" ".join)
def test_every_kind_of_entry_is_said_in_words(logged: Terminal, argv: tuple[str, ...]) -> None:
    lines = logged.type(*argv).out.splitlines()
    said = [line.split("  ")[-1] for line in lines[-len(ENTRIES) :]]
    assert said == [words for _, _, _, words in ENTRIES]
    digest = hashlib.sha256(SALES.encode()).hexdigest()[:8]
    asked = f"asked in the terminal: report on sales.csv, with sales.csv ({digest})"
    assert any(line.endswith(asked) for line in lines)


def test_programs_get_the_log_whole(logged: Terminal) -> None:
    entries = json.loads(logged.type("why", "1", "--json").out)["audit"]
    assert [entry["detail"] for entry in entries[1:]] == [detail for _, _, detail, _ in ENTRIES]


def test_a_forgotten_entry_says_so(logged: Terminal) -> None:
    with database.transaction():
        audit.forget_details(1)
    assert "paused (what it said is forgotten)\n" in logged.type("audit").out


def test_what_was_read_done_and_refused_is_named(logged: Terminal) -> None:
    home = logged.host.service.home
    run = logged.claimed(1)
    stories.step(home, run, "smart", "I will look", kind=StepKind.MODEL)
    with database.transaction():
        runs.freeze(run, "skill:csv-report", DIGEST)
        runs.add_labels(run.id, frozenset({Label.PRIVATE, Label.UNTRUSTED}))
        seq = steps.begin(run, StepKind.TOOL, "shell", steps.inline({"tool": "shell"}), now=time.time())
        refused = {"text": "Refused: a rule denies it.", "files": [], "failed": True, "refused": True}
        steps.end(run, seq, StepStatus.FAILED, steps.inline(refused), now=time.time())
    out = logged.type("why", "1").out
    assert "Run 1: running, by the skill csv-report\n" in out
    assert "  Read: your file sales.csv (private, untrusted)\n" in out
    assert "  Refused: shell: Refused: a rule denies it.\n" in out
    refusals = json.loads(logged.type("why", "1", "--json").out)["runs"][0]["refused"]
    assert refusals == [{"tool": "shell", "text": "Refused: a rule denies it."}]


def test_an_answer_is_named_with_its_place(terminal: Terminal) -> None:
    terminal.type("do this", story="asks")
    asked = terminal.host.service.reads.approvals()[0]
    terminal.type("approve", asked.id)
    assert "  Asked: pip install pandas==2.2.0 (approved in the terminal)\n" in terminal.type("why", "1").out
