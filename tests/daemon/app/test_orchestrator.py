"""The Python API: `from daemon import Orchestrator, TaskDatabase` (C7)."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon import Orchestrator, TaskDatabase
from daemon.domain.errors import AgentError, NotFound
from daemon.store import database
from tests.daemon.engine.workbench import Reply, ScriptModel


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TaskDatabase]:
    monkeypatch.setenv("AGENT_CONFIG", str(tmp_path / "config"))
    yield TaskDatabase(tmp_path / "home")
    database.close()


async def test_a_skill_does_a_task_with_a_file_and_the_result_lies_on_disk(db: TaskDatabase, tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text("day,amount\n2026-01-01,5\n2026-01-02,7\n")
    result = await Orchestrator(db=db).execute_task(user_input="report on sales.csv", files=(tmp_path / "sales.csv",))
    assert "2 rows" in result.output
    assert result.model == "skill:csv-report"
    assert (result.tokens, result.cost) == (0, 0.0)
    (report,) = result.files
    assert report.read_bytes().startswith(b"%PDF-")


async def test_a_model_does_what_no_skill_fits_in_the_tier_that_is_forced(db: TaskDatabase) -> None:
    model = ScriptModel([Reply(text="Code runs, / bugs hide", cost=1500)], price=2000)
    result = await Orchestrator(db=db, model=model).execute_task(user_input="Write a haiku", force_tier="smart")
    assert (result.output, result.model, result.tokens, result.cost) == ("Code runs, / bugs hide", "script", 60, 0.0015)
    assert model.requests[0].tier == "smart"


async def test_without_a_model_it_says_what_to_configure(db: TaskDatabase) -> None:
    with pytest.raises(AgentError, match="no model is configured"):
        await Orchestrator(db=db).execute_task(user_input="Write a haiku about coding")


async def test_an_unknown_skill_is_said_with_the_nearest_name(db: TaskDatabase) -> None:
    with pytest.raises(AgentError, match="csv-report"):
        await Orchestrator(db=db).execute_task(user_input="/csv-raport x")
    assert db.service.reads.page()[0].status == "error"


async def test_an_unreadable_file_is_refused_before_anything_is_recorded(db: TaskDatabase, tmp_path: Path) -> None:
    with pytest.raises(AgentError, match="cannot be read"):
        await Orchestrator(db=db).execute_task(user_input="report on x.csv", files=(tmp_path / "x.csv",))
    assert db.service.reads.page() == []
    with pytest.raises(NotFound):
        db.service.reads.latest()


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, daemon; print(sorted(m for m in ('peewee', 'asyncio', 'msgspec', 'yaml') if m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
