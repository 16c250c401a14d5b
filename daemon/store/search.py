"""Full-text search over titles, goals and results, newest first."""

import re

from daemon.store.rows import DATABASE

_INDEXED = 64 * 1024
"""Characters of a text that are indexed; a longer goal is found by its beginning."""


def index(task_id: int, title: str, goal: str, result: str) -> None:
    """Index a task, replacing what was indexed before."""
    DATABASE.execute_sql("DELETE FROM task_text WHERE rowid = ?", (task_id,))
    DATABASE.execute_sql(
        "INSERT INTO task_text (rowid, title, goal, result) VALUES (?, ?, ?, ?)",
        (task_id, title, goal[:_INDEXED], result[:_INDEXED]),
    )


def add_result(task_id: int, result: str) -> None:
    """Make the words of a result findable."""
    DATABASE.execute_sql("UPDATE task_text SET result = ? WHERE rowid = ?", (result[:_INDEXED], task_id))


def find(words: str, most: int = 20, before: int | None = None) -> list[int]:
    """Give the ids of the newest tasks that hold all the words; quotes and operators mean nothing here."""
    terms = re.findall(r"\w+", words)
    if not terms:
        return []
    match = " ".join(f'"{term}"' for term in terms)
    below = before if before is not None else 1 << 62
    found = DATABASE.execute_sql(
        "SELECT rowid FROM task_text WHERE task_text MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?",
        (match, below, most),
    )
    return [int(row[0]) for row in found.fetchall()]
