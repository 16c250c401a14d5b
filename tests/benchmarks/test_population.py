from pathlib import Path

import pytest

from daemon.domain.run import RunStatus
from daemon.store import audit
from daemon.store.rows import DATABASE
from tests.benchmarks.household import household
from tests.benchmarks.population import populated
from tests.benchmarks.setting import Setting
from tests.benchmarks.words import SHARES

SIZE = 300


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    return Setting(quick=True, data=tmp_path)


def test_made_up_tasks_are_what_the_program_itself_would_have_written(setting: Setting) -> None:
    with household(setting, populated(setting, SIZE)) as house:
        reads = house.service().reads
        counts = reads.counts()
        assert sum(counts.values()) == SIZE
        assert counts[RunStatus.PENDING] == 10
        assert counts == {status: len(reads.page(statuses=[status], most=SIZE)) for status in RunStatus}
        assert audit.broken() is None
        assert DATABASE.execute_sql("PRAGMA foreign_key_check").fetchall() == []
        assert DATABASE.execute_sql("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize("word", SHARES)
def test_a_word_of_any_share_fills_a_page(setting: Setting, word: str) -> None:
    with household(setting, populated(setting, SIZE)) as house:
        found = [line.id for line in house.service().reads.search(word, most=20)]
    assert len(found) == 20
    assert found == sorted(found, reverse=True)


def test_what_was_made_is_used_again_and_what_was_not_finished_is_made_anew(setting: Setting) -> None:
    folder = populated(setting, SIZE)
    made = (folder / "agent.db").stat().st_ino
    assert populated(setting, SIZE) == folder
    assert (folder / "agent.db").stat().st_ino == made
    (folder / "complete").unlink()
    (folder / "left over").touch()
    populated(setting, SIZE)
    assert not (folder / "left over").exists()
