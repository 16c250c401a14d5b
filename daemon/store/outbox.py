"""Every outgoing message is stored first (STATES.md, outgoing message)."""

from typing import Any

from peewee import SQL

from daemon.domain.blob import Blob
from daemon.domain.message import Outgoing, OutgoingKind, OutgoingState
from daemon.store import codec, rows


def add(
    conversation_id: int,
    kind: OutgoingKind,
    text: str,
    *,
    now: float,
    files: tuple[Blob, ...] = (),
    run_id: int | None = None,
    approval_id: str | None = None,
    once: str | None = None,
    state: OutgoingState = OutgoingState.QUEUED,
) -> None:
    """Queue a message to the owner; a second one with the same `once` is dropped."""
    rows.Outbox.insert(
        conversation_id=conversation_id,
        recipient="owner",
        kind=kind,
        text=text,
        files=codec.blobs_text(files),
        state=state,
        run_id=run_id,
        approval_id=approval_id,
        once=once,
        next_at=now,
        created_at=now,
    ).on_conflict_ignore().execute()


def due(now: float, most: int = 20) -> list[Outgoing]:
    """Give the messages whose time has come, oldest first."""
    return [_outgoing(row) for row in due_query(now).limit(most)]


def due_query(now: float) -> Any:
    """Give the query for the messages whose time has come; its states are literals, as partial indexes need them."""
    queued = SQL("state = 'queued'")
    return rows.Outbox.select().where(queued, rows.Outbox.next_at <= now).order_by(rows.Outbox.next_at, rows.Outbox.id)


def left_sending() -> list[Outgoing]:
    """Give the messages that a crash left in `sending`."""
    return [_outgoing(row) for row in sending_query()]


def sending_query() -> Any:
    """Give the query for the messages that are being sent."""
    return rows.Outbox.select().where(SQL("state = 'sending'")).order_by(rows.Outbox.id)


def of_run(run_id: int) -> list[Outgoing]:
    """Give the messages of a run in order."""
    return [_outgoing(row) for row in rows.Outbox.select().where(rows.Outbox.run_id == run_id).order_by(rows.Outbox.id)]


def mark(
    message_id: int,
    state: OutgoingState,
    *,
    expected: OutgoingState,
    external_id: str | None = None,
    reason: str = "",
    next_at: float = 0.0,
    repeated: bool = False,
) -> bool:
    """Change the state by compare-and-set; False where somebody else did before."""
    columns: dict[str, Any] = {"state": state, "reason": reason, "next_at": next_at}
    if external_id is not None:
        columns["external_id"] = external_id
    if state is OutgoingState.SENDING:
        columns["attempts"] = rows.Outbox.attempts + 1
    if repeated:
        columns["repeated"] = True
    query = rows.Outbox.update(columns).where(rows.Outbox.id == message_id, rows.Outbox.state == expected)
    return bool(query.execute())


def _outgoing(row: Any) -> Outgoing:
    return Outgoing(
        id=row.id,
        conversation_id=row.conversation_id,
        kind=OutgoingKind(row.kind),
        text=row.text,
        state=OutgoingState(row.state),
        created_at=row.created_at,
        files=codec.blobs_of(row.files),
        run_id=row.run_id,
        approval_id=row.approval_id,
        external_id=row.external_id,
        reason=row.reason,
        attempts=row.attempts,
        repeated=row.repeated,
        to=row.recipient,
    )


def forget(task_id: int) -> None:
    """Delete the messages of a task's runs."""
    ids = rows.Run.select(rows.Run.id).where(rows.Run.task_id == task_id)
    rows.Outbox.delete().where(rows.Outbox.run_id.in_(ids)).execute()
