"""Copies of the database that open and are consistent, made while others write."""

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from daemon.domain.errors import BadInput, StoreError
from daemon.store.home import Home, sync_folder


def back_up(home: Home, name: str = "", target: Path | None = None) -> Path:
    """Copy the database online (SQLite's backup API) into `backups/`, or to `target`; gives the path."""
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    home.backups.mkdir(mode=0o700, exist_ok=True)
    path = target or home.backups / f"agent-{stamp}{'-' + name if name else ''}.db"
    partial = path.with_name(path.name + ".partial")
    try:
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600)
        with closing(sqlite3.connect(home.database)) as source, closing(sqlite3.connect(partial)) as copy:
            source.backup(copy, pages=4096)
        _check(partial)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(path)
        sync_folder(path.parent)
    except (sqlite3.Error, OSError) as problem:
        partial.unlink(missing_ok=True)
        raise StoreError(
            f"The backup {path} could not be made: {problem}.", "Free disk space, then try again."
        ) from problem
    return path


def backups(home: Home) -> list[Path]:
    """Give the backups, newest first."""
    return sorted(home.backups.glob("*.db"), key=lambda path: path.stat().st_mtime, reverse=True)


def restore(home: Home, source: Path) -> Path | None:
    """Put a backup in the place of the database; gives where the present one was moved.

    The caller makes sure that no other process has the database open. Raises BadInput when the backup is damaged.
    """
    if not source.is_file():
        raise BadInput(f"There is no backup {source}.", "agent backup --list shows the backups that there are.")
    try:
        _check(source)
    except sqlite3.Error as problem:
        raise BadInput(
            f"The backup {source} is damaged: {problem}.", "Choose another: agent backup --list"
        ) from problem
    partial = home.database.with_name("agent.db.partial")
    partial.unlink(missing_ok=True)
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(partial)) as new,
    ):
        old.backup(new)
    kept = _set_aside(home)
    partial.replace(home.database)
    home.database.chmod(0o600)
    sync_folder(home.path)
    return kept


def _set_aside(home: Home) -> Path | None:
    if not home.database.exists():
        return None
    kept = home.path / f"agent-replaced-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}.db"
    for suffix in ("-wal", "-shm"):
        beside = home.database.with_name(home.database.name + suffix)
        if beside.exists():
            beside.replace(kept.with_name(kept.name + suffix))
    home.database.replace(kept)
    return kept


def _check(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        answer = database.execute("PRAGMA quick_check").fetchone()[0]
        if answer != "ok":
            raise sqlite3.DatabaseError(answer)
