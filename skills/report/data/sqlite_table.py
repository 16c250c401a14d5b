"""A table or view of an SQLite database, read by SQLite itself and never written to."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from skills.report.data.csv_table import write_row
from skills.report.data.engine import Engine, Feed, piped
from skills.report.data.kinds import SAMPLE_ROWS, columns_of
from skills.report.data.table import Table
from skills.report.script import Unusable
from skills.report.visible import clipped, one_line

_MOST_COLUMNS = 1000


def open_sqlite(path: Path, wanted: str | None, engine: Engine) -> Table:
    """Look at the table `wanted`, or at the first; raises Unusable with the names."""
    try:
        with _opened(path) as database:
            tables = [str(row[0]) for row in database.execute(_TABLES)]
            name = _chosen(path, wanted, tables)
            cursor = database.execute(f"SELECT * FROM {_identifier(name)} LIMIT {SAMPLE_ROWS}")
            names = [str(column[0]) for column in cursor.description][:_MOST_COLUMNS]
            rows = [[_text(value) for value in row] for row in cursor]
    except sqlite3.Error as problem:
        raise _unreadable(path, problem) from problem
    relation = piped(len(names), _fed(path, name, len(names)))
    others = [each for each in tables if each != name]
    remarks = [f"Other tables (table= chooses): {', '.join(others[:50])}."] if others else []
    columns = columns_of(names, rows, False, engine)
    return Table(path.name, f"SQLite table “{name}”", path.stat().st_size, relation, tuple(columns), tuple(remarks))


_TABLES = """
SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
ORDER BY type, name
"""


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    # Immutable: nothing is locked, and no file of a write-ahead log is needed beside it, which could not be made here.
    database = sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)
    try:
        database.execute("PRAGMA trusted_schema = OFF")
        database.text_factory = lambda data: data.decode("utf-8", "replace")
        yield database
    finally:
        database.close()


def _fed(path: Path, name: str, width: int) -> Feed:
    def feed(file: BinaryIO) -> None:
        try:
            with _opened(path) as database:
                for row in database.execute(f"SELECT * FROM {_identifier(name)}"):
                    write_row([_text(value) for value in row], width, file)
        except sqlite3.Error as problem:
            raise _unreadable(path, problem) from problem

    return feed


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"({len(value):,} bytes)" if isinstance(value, bytes) else str(value)


def _chosen(path: Path, wanted: str | None, tables: list[str]) -> str:
    if not tables:
        raise Unusable(f"“{path.name}” has no tables.", "Check that it is the database that is meant.")
    if wanted is None:
        return tables[0]
    for table in tables:
        if table == wanted or table.casefold() == wanted.casefold():
            return table
    shown = ", ".join(tables[:50])
    raise Unusable(f"“{path.name}” has no table “{clipped(one_line(wanted), 80)}”.", f"There are: {shown}.")


def _unreadable(path: Path, problem: sqlite3.Error) -> Unusable:
    return Unusable(f"“{path.name}” cannot be read as SQLite: {problem}.", "Check that it is whole and not encrypted.")
