"""Opening the database, transactions, and what its errors mean to a person."""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from peewee import DatabaseError, PeeweeException

from daemon.domain.errors import StoreError
from daemon.domain.failpoint import failpoint
from daemon.store.home import Home
from daemon.store.rows import DATABASE

VERSION = 4
"""The schema that this program reads and writes: the number of the newest file in `migrations/`."""

_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    "cache_size": -16 * 1024,
    "journal_size_limit": 64 * 1024 * 1024,
}


def open_at(home: Home) -> None:
    """Open (or make, or upgrade) the database in `home` for this process.

    Raises StoreError when it is damaged, newer than this program, not writable, or the disk is full.
    """
    home.prepare()
    close()
    DATABASE.init(str(home.database), pragmas=_PRAGMAS, timeout=60)
    with explained():
        found = _version()
        if found < VERSION:
            _upgrade(home)
        elif found > VERSION:
            close()
            raise StoreError(
                f"The database {home.database} has format {found}; this program knows formats up to {VERSION}.",
                "Install the newer version again (agent update), or restore an older backup: agent backup --list",
            )


def close() -> None:
    """Close the connection of this thread."""
    if not DATABASE.is_closed():
        DATABASE.close()


@contextmanager
def transaction() -> Iterator[None]:
    """Write: one transaction that takes the write lock at its start; committed bytes survive a power loss."""
    with explained(), DATABASE.atomic("IMMEDIATE"):
        yield
        failpoint("store.before_commit")
    failpoint("store.after_commit")


@contextmanager
def snapshot() -> Iterator[None]:
    """Read: several queries that see one state of the database."""
    with explained(), DATABASE.atomic("DEFERRED"):
        yield


@contextmanager
def explained() -> Iterator[None]:
    """Turn the database's errors into sentences."""
    try:
        yield
    except (PeeweeException, sqlite3.Error) as problem:
        if isinstance(problem, (DatabaseError, sqlite3.DatabaseError)):
            raise _meaning(_cause(problem)) from problem
        raise


def _cause(problem: BaseException) -> str:
    """Give what went wrong first: SQLite ends a transaction itself on a full disk, and its rollback then fails too."""
    while "cannot rollback" in str(problem) and problem.__context__ is not None:
        problem = problem.__context__
    return str(problem)


def _meaning(text: str) -> StoreError:
    where = DATABASE.database
    if "locked" in text or "busy" in text:
        return StoreError(
            f"Another program has held the database {where} for a minute.",
            "Close what holds it (fuser shows who), then try again; nothing recorded is lost.",
        )
    if "full" in text or "disk I/O" in text:
        return StoreError(
            f"The database {where} cannot be written: {text}.",
            "Free disk space (agent doctor shows how much there is), then try again; nothing recorded is lost.",
        )
    if "malformed" in text or "not a database" in text or "no such table" in text:
        return StoreError(
            f"The database {where} is damaged: {text}.",
            "Restore the newest backup: agent backup --list, then agent backup --restore FILE",
        )
    if "readonly" in text or "unable to open" in text or "permission" in text:
        return StoreError(
            f"The database {where} cannot be opened for writing: {text}.",
            "Check who owns the folder and its free space; AGENT_HOME names another folder.",
        )
    return StoreError(f"The database {where} answered: {text}.", "agent doctor checks it.")


def _version() -> int:
    return int(DATABASE.execute_sql("PRAGMA user_version").fetchone()[0])


def _upgrade(home: Home) -> None:
    with (home.path / "upgrade.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = _version()
        if found >= VERSION:
            return
        if found > 0:
            from daemon.store.backup import back_up

            back_up(home, f"before-upgrade-from-{found}")
        _migrate()
    home.database.chmod(0o600)


def _migrate() -> None:
    from playhouse.migrations import Runner

    Runner(DATABASE, str(Path(__file__).parent / "migrations")).up()
    DATABASE.execute_sql(f"PRAGMA user_version = {VERSION:d}")
