"""What programs may rely on: keys, times, money; one document, in ASCII."""

import json
import re
from typing import Any

import pytest

from daemon.engine.workers import WorkerLock
from daemon.store.rows import DATABASE
from tests.channels.cli.conftest import Terminal

UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")

RUN = {
    "id",
    "number",
    "status",
    "waiting_for",
    "stage",
    "percent",
    "labels",
    "result",
    "error",
    "files",
    "steps",
    "model_calls",
    "tokens",
    "cost",
    "created_at",
    "started_at",
    "ended_at",
}
TASK = {
    "id",
    "title",
    "goal",
    "status",
    "project",
    "priority",
    "agent",
    "tier",
    "private",
    "hold",
    "budget",
    "files",
    "folders",
    "writable_folders",
    "channel",
    "created_at",
}
LINE = {"id", "title", "status", "project", "priority", "created_at"}
APPROVAL = {
    "id",
    "task",
    "kind",
    "state",
    "shown",
    "choices",
    "answer",
    "decided_by",
    "created_at",
    "expires_at",
    "decided_at",
}
STEP = {
    "seq",
    "kind",
    "name",
    "status",
    "effect",
    "labels",
    "model",
    "input",
    "output",
    "tokens",
    "cost",
    "started_at",
    "ended_at",
}


def _json(terminal: Terminal, *argv: str) -> dict[str, Any]:
    said = terminal.type(*argv, "--json")
    assert said.code == 0, said.err
    assert said.out.isascii()
    document: dict[str, Any] = json.loads(said.out)
    return document


@pytest.fixture
def used(terminal: Terminal) -> Terminal:
    """Give a terminal with a task that is done, and one that asks."""
    terminal.type("do the first", story="well")
    terminal.type("do the second", "--project", "taxes", story="asks")
    return terminal


def test_list(used: Terminal) -> None:
    said = _json(used, "list")
    assert set(said) == {"tasks", "more"}
    assert [set(task) for task in said["tasks"]] == [LINE, LINE]
    assert [(task["id"], task["status"]) for task in said["tasks"]] == [(1, "done"), (2, "waiting")]
    assert all(UTC.fullmatch(task["created_at"]) for task in said["tasks"])
    assert _json(used, "list", "--limit", "1") == {"tasks": said["tasks"][1:], "more": True}
    assert _json(used, "list", "--project", "taxes", "--all")["tasks"] == said["tasks"][1:]
    assert _json(used, "list", "--status", "done")["tasks"] == said["tasks"][:1]


def test_status(used: Terminal) -> None:
    assert _json(used, "status") == {
        "tasks": {"pending": 0, "running": 0, "waiting": 1, "paused": 0, "done": 1, "error": 0, "cancelled": 0},
        "daemon": [],
    }
    said = _json(used, "status", "1")
    assert set(said) == {"task", "runs", "approvals", "notes"}
    assert (set(said["task"]), set(said["runs"][0])) == (TASK, RUN | {"messages"})
    assert said["runs"][0]["cost"] == 0.31
    assert set(said["runs"][0]["files"][0]) == {"name", "path", "size", "media_type", "sha256"}
    assert UTC.fullmatch(said["runs"][0]["ended_at"])


def test_approvals(used: Terminal) -> None:
    said = _json(used, "approvals")["approvals"]
    assert [set(one) for one in said] == [APPROVAL]
    assert said[0]["shown"] == "pip install pandas==2.2.0"
    assert _json(used, "status", "2")["approvals"] == said


def test_stream_and_logs(used: Terminal) -> None:
    said = _json(used, "stream", "1")
    assert set(said) == {"task", "run", "steps"}
    assert [set(step) for step in said["steps"]] == [STEP]
    assert said["steps"][0]["output"]["text"] == "three pages"
    lines = _json(used, "logs", "1")["history"]
    assert [set(line) for line in lines] == [{"id", "kind", "text", "at"}] * len(lines)
    assert [line["text"] for line in lines if line["kind"] == "status"] == ["pending", "running", "done"]


def test_history(used: Terminal) -> None:
    assert [task["id"] for task in _json(used, "history")["tasks"]] == [2, 1]
    assert [task["id"] for task in _json(used, "history", "two", "charts")["tasks"]] == [1]
    assert _json(used, "history", 'nothing" OR 1', "\udcff")["tasks"] == []


def test_workers(used: Terminal) -> None:
    lock = WorkerLock(used.host.service.home.workers, "daemon", 1)
    try:
        [said] = _json(used, "workers")["workers"]
    finally:
        lock.close()
    assert set(said) == {"worker", "kind", "pid", "host", "slot", "since", "task", "run"}
    assert (said["kind"], said["slot"], said["task"]) == ("daemon", 0, None)


def test_stats(used: Terminal) -> None:
    said = _json(used, "stats", "--days", "7")
    total = {"done", "error", "cancelled", "steps", "model_calls", "tokens", "seconds", "cost"}
    assert set(said) == {"since", "total", "days", "spent"}
    assert (set(said["total"]), said["total"]["done"], said["total"]["seconds"]) == (total, 1, 2.5)
    assert [set(day) for day in said["days"]] == [total | {"day", "agent", "model"}]
    assert used.type("stats").out.startswith("Last 30 days:\n  done: 1\n  error: 0\n")


def test_audit_and_why(used: Terminal) -> None:
    entries = _json(used, "audit", "--task", "1")["audit"]
    assert set(entries[0]) == {"id", "at", "kind", "actor", "task", "run", "detail", "hash"}
    assert (entries[0]["kind"], entries[0]["detail"]["goal"]) == ("submitted", "do the first")
    said = _json(used, "why", "2")
    assert set(said) == {"task", "asked_by", "runs", "audit"}
    assert set(said["runs"][0]) == {"number", "status", "done_by", "models", "labels", "tools", "refused", "approvals"}
    assert said["runs"][0]["approvals"][0]["shown"] == "pip install pandas==2.2.0"


def test_audit_verify_tells_a_changed_log(used: Terminal) -> None:
    assert _json(used, "audit", "verify")["ok"] is True
    assert used.type("audit", "verify").out.startswith("The log is whole. Its head is ")
    triggers = DATABASE.execute_sql("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'")
    for (name,) in triggers.fetchall():
        DATABASE.execute_sql(f"DROP TRIGGER {name}")
    DATABASE.execute_sql("UPDATE audit SET actor = 'nobody' WHERE id = 2")
    said = used.type("audit", "verify", "--json")
    assert (said.code, json.loads(said.out)["broken_at"]) == (1, 2)


def test_add_and_forget(used: Terminal) -> None:
    assert set(_json(used, "add", "third")["task"]) == TASK
    assert used.type("forget", "1", "--json").code == 2
    assert _json(used, "forget", "1", "--yes").keys() == {"task", "runs", "forgotten", "freed"}


def test_backup_prints_a_copy_that_is_listed(used: Terminal) -> None:
    said = _json(used, "backup")
    assert [one["path"] for one in _json(used, "backup", "--list")["backups"]] == [said["backup"]]
    assert said["backup"] in used.type("backup", "--list").out
