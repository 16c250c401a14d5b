"""The one file: made, upgraded with a backup, refused where it cannot be used, never half written."""

import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playhouse.migrations import Runner

from daemon.domain.errors import BadInput, StoreError
from daemon.domain.limits import Limits
from daemon.domain.principal import Principal, Role
from daemon.domain.run import RunStatus
from daemon.domain.step import StepKind
from daemon.domain.task import NewTask
from daemon.store import backup, database, rows, runs, search, steps, tasks
from daemon.store.home import Home
from daemon.store.rows import DATABASE


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    yield Home(tmp_path / "home")
    database.close()


def add(goal: str = "x") -> int:
    task_id = tasks.add(NewTask(goal, Principal(Role.OWNER, "cli", "0")), goal, 1.0)
    runs.add(task_id, Limits(), 1.0)
    return task_id


def test_the_rows_are_the_tables_that_the_migrations_make(home: Home) -> None:
    database.open_at(home)
    for row in rows.ALL:
        columns = {column.name: column for column in DATABASE.get_columns(row._meta.table_name)}
        fields = {field.column_name: field for field in row._meta.sorted_fields}
        assert set(columns) == set(fields), row.__name__
        wrong = [name for name, field in fields.items() if field.null != columns[name].null and not field.primary_key]
        assert wrong == [], row.__name__


def test_the_state_is_the_owners_alone(home: Home) -> None:
    database.open_at(home)
    assert home.path.stat().st_mode & 0o777 == 0o700
    assert home.database.stat().st_mode & 0o777 == 0o600


def test_what_is_committed_is_synced_in_full(home: Home) -> None:
    database.open_at(home)
    assert DATABASE.execute_sql("PRAGMA synchronous").fetchone()[0] == 2
    assert DATABASE.execute_sql("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert DATABASE.execute_sql("PRAGMA foreign_keys").fetchone()[0] == 1


def test_a_newer_database_is_refused_and_left_as_it_is(home: Home) -> None:
    database.open_at(home)
    DATABASE.execute_sql(f"PRAGMA user_version = {database.VERSION + 1}")
    database.close()
    with pytest.raises(StoreError, match="knows formats up to") as refused:
        database.open_at(home)
    assert "newer version" in refused.value.fix
    with closing(sqlite3.connect(home.database)) as raw:
        assert raw.execute("PRAGMA user_version").fetchone()[0] == database.VERSION + 1


def test_an_upgrade_makes_a_backup_first(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    database.open_at(home)
    with database.transaction():
        add()
    monkeypatch.setattr(database, "VERSION", database.VERSION + 1)
    database.open_at(home)
    (copy,) = backup.backups(home)
    assert f"before-upgrade-from-{database.VERSION - 1}" in copy.name
    with closing(sqlite3.connect(copy)) as raw:
        assert raw.execute("SELECT count(*) FROM task").fetchone()[0] == 1


OF_THE_FIRST_VERSION = (
    "INSERT INTO conversation VALUES (1, 'cli', 'terminal', 1)",
    "INSERT INTO task (id, conversation_id, title, goal, role, channel, proof, status, run_id, created_at)"
    " VALUES (1, 1, 'old', 'old', 'owner', 'cli', '1000', 'pending', 1, 1)",
    "INSERT INTO run (id, task_id, number, status, created_at) VALUES (1, 1, 1, 'pending', 1)",
    "INSERT INTO step (run_id, seq, kind, name, status, input, started_at) VALUES (1, 1, 'tool', 't', 'done', '7', 1)",
)


def test_a_database_of_the_first_version_is_upgraded_with_what_is_in_it(home: Home, tmp_path: Path) -> None:
    first = tmp_path / "migrations"
    first.mkdir()
    shutil.copy(Path(database.__file__).parent / "migrations" / "0001_core.py", first)
    home.prepare()
    DATABASE.init(str(home.database))
    Runner(DATABASE, str(first)).up()
    DATABASE.execute_sql("PRAGMA user_version = 1")
    for statement in OF_THE_FIRST_VERSION:
        DATABASE.execute_sql(statement)
    database.close()
    database.open_at(home)
    run = runs.get(tasks.get(1).run_id)
    assert tasks.get(1).goal == "old"
    assert [copy.name for copy in backup.backups(home) if "before-upgrade-from-1" in copy.name]
    (old,) = steps.of_run(home, run.id)
    assert (old.name, old.input, old.snapshot) == ("t", 7, None)
    with database.transaction():
        seq = steps.begin(run, StepKind.NOTE, "new", steps.inline(8), now=2.0, snapshot="kept")
    assert steps.get(home, run.id, seq).snapshot == "kept"


@pytest.mark.parametrize(
    "damage", [b"this is no database at all, but text" * 200, b"SQLite format 3\0" + b"\xff" * 9000]
)
def test_a_damaged_database_is_named_and_nothing_is_written_over_it(home: Home, damage: bytes) -> None:
    home.prepare()
    home.database.write_bytes(damage)
    with pytest.raises(StoreError, match="damaged") as refused:
        database.open_at(home)
    assert "agent backup" in refused.value.fix
    assert home.database.read_bytes() == damage


def test_a_transaction_that_fails_leaves_nothing(home: Home) -> None:
    database.open_at(home)
    with pytest.raises(ZeroDivisionError), database.transaction():
        add()
        raise ZeroDivisionError
    assert tasks.page() == []


def test_a_full_disk_is_said_and_what_was_recorded_stays(home: Home) -> None:
    database.open_at(home)
    with database.transaction():
        add("kept")
    DATABASE.execute_sql("PRAGMA max_page_count = 1")  # SQLite then answers as on a full disk (SQLITE_FULL)
    with pytest.raises(StoreError, match="cannot be written") as refused, database.transaction():
        add("y" * 500_000)
    assert "Free disk space" in refused.value.fix
    database.close()
    database.open_at(home)
    assert [line.title for line in tasks.page()] == ["kept"]


def test_a_writer_waits_for_a_foreign_one(home: Home) -> None:
    database.open_at(home)
    with closing(sqlite3.connect(home.database, isolation_level=None, check_same_thread=False)) as foreign:
        foreign.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(0.3, lambda: foreign.execute("COMMIT"))
        timer.start()
        with database.transaction():
            add()
        timer.join()
    assert len(tasks.page()) == 1


def test_a_backup_is_whole_while_others_write_and_comes_back(home: Home) -> None:
    database.open_at(home)
    with database.transaction():
        add("before")
    copy = backup.back_up(home)
    with database.transaction():
        add("after")
    database.close()
    kept = backup.restore(home, copy)
    database.open_at(home)
    assert [line.title for line in tasks.page()] == ["before"]
    assert kept is not None
    assert kept.exists()


def test_a_damaged_backup_is_not_restored(home: Home, tmp_path: Path) -> None:
    database.open_at(home)
    bad = tmp_path / "bad.db"
    bad.write_bytes(b"nothing of value" * 100)
    with pytest.raises(BadInput, match="damaged"):
        backup.restore(home, bad)
    with pytest.raises(BadInput, match="no backup"):
        backup.restore(home, tmp_path / "missing.db")
    assert home.database.exists()


def test_counters_follow_every_change_of_status(home: Home) -> None:
    database.open_at(home)
    with database.transaction():
        first, second = add(), add()
        runs.move(tasks.get(first).run_id, RunStatus.PAUSED, 1.0)
        tasks.delete(second)
    counted = {status: count for status, count in tasks.counts().items() if count}
    assert counted == {RunStatus.PAUSED: 1}


@pytest.mark.parametrize("words", ['"', "NEAR(", "a AND", "*", "title:x", "x" * 100, "-x", "; DROP TABLE task"])
def test_no_words_of_a_search_are_an_operator(home: Home, words: str) -> None:
    database.open_at(home)
    with database.transaction():
        add("something else")
    assert search.find(words) == []


def test_search_finds_all_words_newest_first_with_stems_and_accents(home: Home) -> None:
    database.open_at(home)
    with database.transaction():
        ids = [add("reports on caf\u00e9s"), add("a report for the caf\u00e9"), add("a report")]
    assert search.find("report cafe") == [ids[1], ids[0]]


def test_programs_that_open_a_new_home_at_once_all_find_it_whole(home: Home) -> None:
    script = f"""
from pathlib import Path
from daemon.store import database, tasks
from daemon.store.home import Home
database.open_at(Home(Path({str(home.path)!r})))
print(len(tasks.page()))
"""
    started = [subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) for _ in range(6)]
    assert [process.communicate()[0] for process in started] == ["0\n"] * 6
