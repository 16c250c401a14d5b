"""What came in: stored and committed before it is acknowledged to the other side (STATES.md, incoming message)."""

from typing import Any

from daemon.domain.message import Incoming, IncomingState
from daemon.domain.principal import Principal, Role
from daemon.store import codec, rows


def store(message: Incoming, now: float) -> bool:
    """Store a message; False where the same one was stored before."""
    changed = (
        rows.Inbox.insert(
            channel=message.channel,
            external_id=message.external_id,
            external_thread=message.external_thread,
            role=message.principal.role,
            proof=message.principal.proof,
            text=message.text,
            files=codec.blobs_text(message.files),
            state=IncomingState.STORED,
            at=now,
        )
        .on_conflict_ignore()
        .as_rowcount()
        .execute()
    )
    return bool(changed)


def stored(most: int = 100) -> list[Incoming]:
    """Give what waits to be handled, in the order it came."""
    query = rows.Inbox.select().where(rows.Inbox.state == IncomingState.STORED)
    return [_incoming(row) for row in query.order_by(rows.Inbox.id).limit(most)]


def close(message_id: int, state: IncomingState, *, task_id: int | None = None, reason: str = "") -> bool:
    """Say what became of a stored message; False where that was said before."""
    query = rows.Inbox.update(state=state, task_id=task_id, reason=reason)
    return bool(query.where(rows.Inbox.id == message_id, rows.Inbox.state == IncomingState.STORED).execute())


def _incoming(row: Any) -> Incoming:
    return Incoming(
        channel=row.channel,
        external_id=row.external_id,
        external_thread=row.external_thread,
        principal=Principal(Role(row.role), row.channel, row.proof),
        text=row.text,
        files=codec.blobs_of(row.files),
        id=row.id,
        state=IncomingState(row.state),
    )
