"""The bundled skills in the real sandbox, called by the words of a task."""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon import Orchestrator, TaskDatabase
from daemon.app.orchestrator import TaskResult
from daemon.store import database


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TaskDatabase]:
    monkeypatch.setenv("AGENT_CONFIG", str(tmp_path / "config"))
    yield TaskDatabase(tmp_path / "home")
    database.close()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Give a folder outside of the agent's own ones."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def odd(folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/odd\n\xff name")).write_bytes(b"x")


async def done(db: TaskDatabase, goal: str, *files: Path) -> TaskResult:
    return await Orchestrator(db=db).execute_task(user_input=goal, files=files)


async def test_a_log_is_digested(db: TaskDatabase, data: Path) -> None:
    (data / "app.log").write_text("2026-11-25 06:08:12 ERROR disk 7 is full\n" * 3)
    result = await done(db, "what went wrong in app.log?", data / "app.log")
    assert result.model == "skill:log-digest"
    assert "3 errors in 3 entries" in result.output
    assert sorted(path.name for path in result.files) == ["app digest.md", "app digest.pdf"]
    assert {path.read_bytes()[:5] for path in result.files} == {b"# Log", b"%PDF-"}


async def test_two_files_are_compared(db: TaskDatabase, data: Path) -> None:
    (data / "old.csv").write_text("id,price\n1,5\n2,7\n")
    (data / "new.csv").write_text("id,price\n2,8\n1,5\n")
    result = await done(db, "compare old.csv with new.csv", data / "old.csv", data / "new.csv")
    assert result.model == "skill:compare-files"
    assert "0 added, 0 removed, 1 changed, 1 the same" in result.output
    assert sorted(path.suffix for path in result.files) == [".csv", ".pdf"]


async def test_a_skill_in_javascript_runs(db: TaskDatabase, data: Path) -> None:
    (data / "data.json").write_text('[{"a": 1}, {"a": "x"}]')
    result = await done(db, "schema of data.json", data / "data.json")
    assert result.model == "skill:json-shape"
    assert "several types" in result.output
    (schema,) = (path for path in result.files if path.suffix == ".json")
    assert json.loads(schema.read_text())["items"]["required"] == ["a"]


async def test_a_skill_in_shell_runs(db: TaskDatabase, data: Path) -> None:
    odd(data)
    result = await done(db, f"checksums of {data}")
    assert result.model == "skill:checksum-list"
    assert "1 file" in result.output
    (found,) = result.files
    digest = hashlib.sha256(b"x").hexdigest().encode()
    assert found.read_bytes() == b"\\" + digest + b"  ./odd\\n\xff name\n"
