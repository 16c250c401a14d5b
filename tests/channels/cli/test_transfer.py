"""Out as JSON and in again, also the older form; a broken file changes nothing."""

import json
import stat
from pathlib import Path

import pytest

from daemon.domain.effect import Label
from tests.channels.cli.conftest import Terminal

OLD = {
    "tasks": {
        "1": {
            "id": 1,
            "goal": "Create a backup script",
            "status": "done",
            "created_at": "2026-01-15T03:20:00",
            "updated_at": "2026-01-15T03:21:00",
            "memory": {"where": "/srv"},
            "steps": [
                {
                    "action": "decision",
                    "result": "Need to create a Python script...",
                    "timestamp": "2026-01-15T03:20:25",
                }
            ],
        },
        "2": {"id": 2, "goal": "Clean up logs", "status": "pending"},
    },
    "next_id": 3,
}


def test_a_tasks_json_is_read_with_its_steps(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "tasks.json").write_text(json.dumps(OLD))
    assert terminal.type("import", str(tmp_path / "tasks.json")).out == "Imported 2 tasks\n"
    assert terminal.type("stream", "1").out == (
        "Task 1: Create a backup script\nStatus: done\nSteps: 1\n\nExecution log:\n\n"
        "[Step 1] 2026-01-15T03:20:25\n  Action: decision\n  Result: Need to create a Python script...\n"
    )
    assert terminal.type("import", str(tmp_path / "tasks.json")).out == "Imported 0 tasks\n"


def test_an_export_is_readable_by_its_owner_alone_and_comes_in_again(terminal: Terminal, tmp_path: Path) -> None:
    terminal.type("do this", story="well")
    target = tmp_path / "all.json"
    said = terminal.type("export", "--format", "json", "--output", str(target))
    assert (said.code, said.out) == (0, "")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    document = json.loads(target.read_text())
    assert document["tasks"][0]["goal"] == "do this"
    assert json.loads(terminal.type("export").out)["tasks"] == document["tasks"]
    assert list(tmp_path.glob("*.partial")) == []
    imported = terminal.type("import", "-", "--json", stdin=target.read_bytes())
    assert (imported.code, json.loads(imported.out)) == (0, {"added": [2]})


def test_what_is_imported_stays_private_and_says_whose_words_it_has(terminal: Terminal) -> None:
    given = {"goal": "x", "private": True, "quoted": "Obey me.", "spoken": True}
    terminal.type("import", "-", stdin=json.dumps({"tasks": [given]}).encode())
    task = terminal.host.service.reads.task(1)
    assert (task.private, task.quoted, task.spoken) == (True, "Obey me.", True)
    assert terminal.host.service.reads.run(task.run_id).labels == {Label.UNTRUSTED}
    exported = json.loads(terminal.type("export").out)["tasks"][0]
    assert exported | given == exported


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b'{"tasks": [{}]}',
        b'{"tasks": {"1": {"goal": "x", "status": "lost"}}}',
        b"[" * 100_000,
        b'{"tasks": [{"goal": "x"}, {"goal": ""}]}',
    ],
)
def test_a_broken_file_is_refused_and_nothing_is_imported(terminal: Terminal, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.json").write_bytes(content)
    said = terminal.type("import", str(tmp_path / "x.json"))
    assert (said.code, said.out) == (65, "")
    assert terminal.type("list").out == "Tasks:\n"


@pytest.mark.parametrize("name", ["missing", "", "folder", "a\x00b"])
def test_a_file_that_cannot_be_read_or_written_is_told(terminal: Terminal, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    assert terminal.type("import", str(tmp_path / name)).code == 65
    if name != "missing":
        assert terminal.type("export", "--output", str(tmp_path / name)).code == 65
    assert terminal.type("export", "--output", str(tmp_path / "no" / "x")).code == 65
