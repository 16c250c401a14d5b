"""The append-only log: each entry holds the hash of the one before.

The detail stands beside the chain and only its digest in it, so that a forgotten task's words can go while
`agent audit verify` still holds.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from peewee import JOIN

from daemon.domain.canonical import canonical
from daemon.store import rows

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry; `detail` is None where its task was forgotten."""

    id: int
    at: float
    kind: str
    actor: str
    task_id: int | None
    run_id: int | None
    detail: str | None
    previous: str
    hash: str


def add(
    kind: str,
    actor: str,
    detail: dict[str, Any],
    now: float,
    *,
    task_id: int | None = None,
    run_id: int | None = None,
) -> None:
    """Append an entry to the chain."""
    text = canonical(detail)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    previous = head()
    fields = (previous, now, kind, actor, task_id, run_id)
    entry = rows.DATABASE.execute_sql(
        "INSERT INTO audit (at, kind, actor, task_id, run_id, detail_digest, previous, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (*fields[1:6], digest, previous, _hash(*fields, digest)),
    )
    rows.DATABASE.execute_sql("INSERT INTO audit_detail (audit_id, detail) VALUES (?, ?)", (entry.lastrowid, text))


def head() -> str:
    """Give the hash of the newest entry."""
    row = rows.DATABASE.execute_sql("SELECT hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    return GENESIS if row is None else str(row[0])


def entries(task_id: int | None = None, after: int = 0, most: int = 1000) -> list[AuditEntry]:
    """Give entries above the id `after`, oldest first."""
    query = _joined().where(rows.Audit.id > after)
    if task_id is not None:
        query = query.where(rows.Audit.task_id == task_id)
    return [_entry(found) for found in query.order_by(rows.Audit.id).limit(most).tuples()]


def newest(most: int = 50) -> list[AuditEntry]:
    """Give the newest entries, oldest of them first."""
    found = [_entry(row) for row in _joined().order_by(rows.Audit.id.desc()).limit(most).tuples()]
    return found[::-1]


def broken() -> int | None:
    """Check the whole chain; gives the id of the first entry that does not fit, or None."""
    previous, last = GENESIS, 0
    for entry, digest in _all():
        expected = _hash(entry.previous, entry.at, entry.kind, entry.actor, entry.task_id, entry.run_id, digest)
        if entry.previous != previous or entry.hash != expected or entry.id != last + 1:
            return entry.id
        if entry.detail is not None:
            actual = hashlib.sha256(entry.detail.encode("utf-8", "surrogatepass")).hexdigest()
            if actual != digest:
                return entry.id
        previous, last = entry.hash, entry.id
    return None


def forget_details(task_id: int) -> None:
    """Delete what the entries of a task say; the chain stays."""
    ids = rows.Audit.select(rows.Audit.id).where(rows.Audit.task_id == task_id)
    rows.AuditDetail.delete().where(rows.AuditDetail.audit_id.in_(ids)).execute()


def _joined() -> Any:
    audit, detail = rows.Audit, rows.AuditDetail
    columns = (audit.id, audit.at, audit.kind, audit.actor, audit.task_id, audit.run_id)
    return audit.select(*columns, detail.detail, audit.previous, audit.hash, audit.detail_digest).join(
        detail, JOIN.LEFT_OUTER, on=(detail.audit_id == audit.id)
    )


def _entry(found: tuple[Any, ...]) -> AuditEntry:
    return AuditEntry(*found[:9])


def _all() -> Iterator[tuple[AuditEntry, str]]:
    for found in _joined().order_by(rows.Audit.id).tuples().iterator():
        yield _entry(found), found[9]


def _hash(previous: str, at: float, kind: str, actor: str, task_id: int | None, run_id: int | None, digest: str) -> str:
    text = canonical([previous, repr(at), kind, actor, task_id, run_id, digest])
    return hashlib.sha256(text.encode()).hexdigest()
