"""What a database holds, read with nothing but sqlite3: what a storm concludes must not depend on the code it tests."""

import json
import sqlite3
from collections import defaultdict
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import Any

Row = dict[str, Any]

FINAL = ("done", "error", "cancelled")
MEASURES = ("steps", "seconds", "model_calls", "tokens", "money")
_TABLES = {
    "task": "id",
    "task_file": "task_id",
    "run": "id",
    "run_file": "run_id",
    "step": "run_id, seq",
    "history": "id",
    "approval": "created_at",
    "outbox": "id",
    "spend": "scope",
    "audit": "id",
    "blob": "digest",
}
"""The tables that are read, each with its order."""


def connect(database: Path) -> sqlite3.Connection:
    """Open a database for reading."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=60)
    connection.row_factory = sqlite3.Row
    return connection


class Facts:
    """All rows, as one transaction saw them."""

    def __init__(self, database: Path) -> None:
        """Read everything."""
        with closing(connect(database)) as connection:
            connection.execute("BEGIN")
            self._rows: dict[str, list[Row]] = {
                table: [dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY {order}")]  # noqa: S608
                for table, order in _TABLES.items()
            }
            said = connection.execute("SELECT audit_id, detail FROM audit_detail")
            self._details: dict[int, str] = dict(map(tuple, said))
            self.integrity = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            self.dangling = [tuple(row) for row in connection.execute("PRAGMA foreign_key_check")]

    def all(self, table: str) -> list[Row]:
        """Give the rows of a table."""
        return self._rows[table]

    def of_runs(self, table: str) -> dict[int, list[Row]]:
        """Give the rows of a table by run."""
        found: dict[int, list[Row]] = defaultdict(list)
        for row in self._rows[table]:
            found[row["run_id"]].append(row)
        return found

    def detail(self, audit_id: int) -> str | None:
        """Give what an audit entry says, as it is kept."""
        return self._details.get(audit_id)

    def audited(self, kind: str) -> list[tuple[int, dict[str, Any]]]:
        """Give (run id, detail) of every audit entry of a kind whose task was not forgotten."""
        return [
            (row["run_id"], json.loads(self._details[row["id"]]))
            for row in self._rows["audit"]
            if row["kind"] == kind and row["id"] in self._details
        ]

    @cached_property
    def channel_of_message(self) -> dict[int, str]:
        """Say by which channel's task each message goes out."""
        channels = {task["conversation_id"]: task["channel"] for task in self._rows["task"]}
        return {message["id"]: channels.get(message["conversation_id"], "") for message in self._rows["outbox"]}


def usage_of(text: str) -> tuple[int, ...]:
    """Read an amount of each measure."""
    return tuple(json.loads(text))


def key_of(call: str | None) -> str:
    """Give the key that a call counts, or an empty text."""
    return str(json.loads(call)["arguments"].get("key", "")) if call else ""
