"""State folders with a thousand or a million tasks: the tables of the real migrations, filled row by row.

Each task has a run, two steps, four lines of history, a message, and two entries in the audit log. A folder is made
once and kept; one that was not finished, or whose tables other migrations made, is made anew.
"""

import hashlib
import json
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from daemon.app.compose import open_home
from daemon.domain.canonical import canonical
from daemon.store import database
from daemon.store.audit import GENESIS
from tests.benchmarks.setting import Setting
from tests.benchmarks.words import Texts, Writer

_FORM = "2"
_CHUNK = 20_000
_TASKS_A_DAY = 1000
_LEAST_DAYS = 60
_NOW = 1_790_000_000.0
_ALIVE = ("pending",) * 10 + ("waiting",) * 5 + ("paused",) * 3
"""The states of the newest tasks: however long the history, little is under way."""

_INSERTS = {
    "task": "INSERT INTO task (id, conversation_id, title, goal, role, channel, proof, status, run_id, project,"
    " created_at) VALUES (?, 1, ?, ?, 'owner', 'cli', '0', ?, ?, ?, ?)",
    "run": "INSERT INTO run (id, task_id, number, status, waiting_for, epoch, attempt, percent, usage, frozen, plan,"
    " result, error, created_at, started_at, ended_at) VALUES (?, ?, 1, ?, ?, 1, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "step": "INSERT INTO step (run_id, seq, kind, name, status, effect, digest, call_id, input, output, model, usage,"
    " started_at, ended_at) VALUES (?, ?, ?, ?, 'done', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "history": "INSERT INTO history (task_id, run_id, kind, text, at) VALUES (?, ?, ?, ?, ?)",
    "outbox": "INSERT INTO outbox (conversation_id, recipient, kind, text, state, run_id, once, next_at, created_at)"
    " VALUES (1, 'owner', 'result', ?, 'sent', ?, ?, ?, ?)",
    "audit": "INSERT INTO audit (at, kind, actor, task_id, run_id, detail_digest, previous, hash)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    "audit_detail": "INSERT INTO audit_detail (audit_id, detail) VALUES (?, ?)",
    "task_text": "INSERT INTO task_text (rowid, title, goal, result) VALUES (?, ?, ?, ?)",
    "daily": "INSERT INTO daily (day, agent, model, done, steps, model_calls, tokens, money, seconds)"
    " VALUES (date(?, 'unixepoch'), ?, ?, ?, ?, ?, ?, ?, ?)",
}


def populated(setting: Setting, size: int) -> Path:
    """Give the state folder of so many tasks; it is made where there is none yet."""
    migrations = sorted((Path(database.__file__).parent / "migrations").glob("[0-9]*.py"))
    made_by = hashlib.sha256(b"".join(path.read_bytes() for path in migrations)).hexdigest()[:12]
    folder = setting.data / f"tasks-{size}"
    mark = folder / "complete"
    if mark.is_file() and mark.read_text("utf-8") == f"{_FORM} {made_by}":
        return folder
    print(f"making {size:,} tasks in {folder} …", file=sys.stderr, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    home = open_home(folder)
    database.close()
    with closing(sqlite3.connect(home.database, isolation_level=None)) as connection:
        Filling(connection, size).fill()
    mark.write_text(f"{_FORM} {made_by}", "utf-8")
    return folder


class Filling:
    """Fills one database; nothing is kept of it if it is cut off, so nothing need be synced on the way."""

    def __init__(self, connection: sqlite3.Connection, size: int) -> None:
        """Fill with so many tasks."""
        self._connection = connection
        self._size = size
        self._writer = Writer(size)
        self._rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in _INSERTS}
        self._head, self._entries = GENESIS, 0

    def fill(self) -> None:
        """Write all rows with the triggers on, so that the counters are those of the program."""
        for pragma in ("journal_mode = MEMORY", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -400000"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute("INSERT INTO conversation VALUES (1, 'cli', 'terminal', ?)", (_NOW,))
        for task_id in range(1, self._size + 1):
            self._add(task_id)
            if task_id % _CHUNK == 0:
                self._flush()
        for day in range(max(_LEAST_DAYS, self._size // _TASKS_A_DAY)):
            self._add_day(_NOW - day * 86_400)
        self._flush()
        self._connection.execute("PRAGMA journal_mode = WAL")

    def _add(self, task_id: int) -> None:
        texts = self._writer.texts(task_id)
        at = _NOW - (self._size - task_id) * 86_400 / _TASKS_A_DAY
        left = self._size - task_id
        ended = "error" if task_id % 20 == 0 else "cancelled" if task_id % 33 == 0 else "done"
        status = _ALIVE[left] if left < len(_ALIVE) else ended
        project = f"project-{task_id % 5}" if task_id % 3 == 0 else None
        self._rows["task"].append((task_id, texts.title, texts.goal, status, task_id, project, at))
        self._rows["task_text"].append((task_id, texts.title, texts.goal, texts.result))
        self._add_run(task_id, status, texts, at)
        for kind, text in (("status", "pending"), ("status", "running"), ("note", texts.title), ("status", status)):
            self._rows["history"].append((task_id, task_id, kind, text, at))
        self._rows["outbox"].append((texts.result, task_id, f"end:{task_id}", at, at))
        self._add_audit("submitted", "owner:cli:0", {"goal": texts.goal, "files": []}, task_id, at)
        self._add_audit("ended", f"run:{task_id}", {"status": status, "files": []}, task_id, at)

    def _add_run(self, task_id: int, status: str, texts: Texts, at: float) -> None:
        begun = status not in ("pending", "waiting")
        frozen = hashlib.sha256(str(task_id).encode()).hexdigest() if begun else None
        result, error = (texts.result, None) if status == "done" else (None, texts.title)
        waiting_for = "owner" if status == "waiting" else None
        times = (at, at + 1 if begun else None, at + 60 if begun else None)
        plan, percent = ("general", 100) if begun else (None, None)
        usage = "[2,60,1,1500,1200]"
        self._rows["run"].append(
            (task_id, task_id, status, waiting_for, percent, usage, frozen, plan, result, error, *times)
        )
        asked = json.dumps({"tier": "fast", "messages": [{"role": "user", "content": texts.goal}], "tools": []})
        called = json.dumps({"tool": "note", "arguments": {"text": texts.title}})
        answer = json.dumps({"text": texts.result, "calls": []})
        digest = frozen or ""
        self._rows["step"] += [
            (task_id, 1, "model", "fast", None, digest, "", asked, answer, "scripted", usage, at, at + 9),
            (task_id, 2, "tool", "note", "compute", digest, "1.1", called, answer, "", usage, at, at + 9),
        ]

    def _add_audit(self, kind: str, actor: str, detail: dict[str, Any], task_id: int, at: float) -> None:
        text = canonical(detail)
        digest = hashlib.sha256(text.encode()).hexdigest()
        entry = canonical([self._head, repr(at), kind, actor, task_id, task_id, digest])
        previous, self._head = self._head, hashlib.sha256(entry.encode()).hexdigest()
        self._entries += 1
        self._rows["audit"].append((at, kind, actor, task_id, task_id, digest, previous, self._head))
        self._rows["audit_detail"].append((self._entries, text))

    def _add_day(self, at: float) -> None:
        for agent, model in (("general", ""), ("general", "scripted"), ("skill:csv-report", "")):
            self._rows["daily"].append((at, agent, model, 300, 2000, 900, 1_500_000, 1_200_000, 9000.0))

    def _flush(self) -> None:
        self._connection.execute("BEGIN")
        for table, rows in self._rows.items():
            self._connection.executemany(_INSERTS[table], rows)
            rows.clear()
        self._connection.execute("COMMIT")
