"""What came in: stored and committed before it is acknowledged to the other side (STATES.md, incoming message)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from daemon.domain.blob import Blob
from daemon.domain.message import Became, Incoming, IncomingState
from daemon.domain.principal import Principal, Role
from daemon.store import codec, rows

_LATELY = 200


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
            message=message.message,
            quoted=message.quoted,
            details=codec.to_json(dict(message.details)),
            sent_at=message.sent_at or now,
        )
        .on_conflict_ignore()
        .as_rowcount()
        .execute()
    )
    return bool(changed)


def stored(channel: str, most: int = 200) -> list[Incoming]:
    """Give what of a channel waits to be handled, in the order it came."""
    query = rows.Inbox.select().where(rows.Inbox.state == IncomingState.STORED, rows.Inbox.channel == channel)
    return [_incoming(row) for row in query.order_by(rows.Inbox.id).limit(most)]


def close(message_id: int, state: IncomingState, *, reason: str = "") -> bool:
    """Say that a stored message is done with; False where that was said before."""
    query = rows.Inbox.update(state=state, reason=reason)
    return bool(query.where(rows.Inbox.id == message_id, rows.Inbox.state == IncomingState.STORED).execute())


def became(message_id: int, what: Became, task_id: int | None) -> None:
    """Write what a message was taken for, and of which task it speaks."""
    rows.Inbox.update(became=what, task_id=task_id).where(rows.Inbox.id == message_id).execute()


def refused(message_id: int, reason: str) -> None:
    """Write that nothing came of a message."""
    rows.Inbox.update(state=IncomingState.REFUSED, reason=reason).where(rows.Inbox.id == message_id).execute()


def keep(message_id: int, files: Sequence[Blob]) -> None:
    """Write which files a stored message brought along."""
    rows.Inbox.update(files=codec.blobs_text(files)).where(rows.Inbox.id == message_id).execute()


def write_details(message_id: int, details: Mapping[str, Any]) -> None:
    """Write what the channel knows of a stored message by now."""
    rows.Inbox.update(details=codec.to_json(dict(details))).where(rows.Inbox.id == message_id).execute()


def called(channel: str, message: str) -> Incoming | None:
    """Give the newest message that the channel calls so."""
    query = rows.Inbox.select().where(rows.Inbox.channel == channel, rows.Inbox.message == message)
    row = query.order_by(rows.Inbox.id.desc()).first() if message else None
    return None if row is None else _incoming(row)


def asking(task_id: int) -> Incoming | None:
    """Give the message that a task was made of; the first where there were several."""
    query = rows.Inbox.select().where(rows.Inbox.task_id == task_id, rows.Inbox.became == "task")
    row = query.order_by(rows.Inbox.id).first()
    return None if row is None else _incoming(row)


def in_album(channel: str, thread: str, album: str) -> int | None:
    """Give the newest task of a conversation that was made of messages of an album; None where there is none."""
    query = rows.Inbox.select(rows.Inbox.task_id, rows.Inbox.details).where(
        rows.Inbox.channel == channel, rows.Inbox.external_thread == thread, rows.Inbox.became == Became.TASK
    )
    lately = query.order_by(rows.Inbox.id.desc()).limit(_LATELY)
    return next((row.task_id for row in lately if json.loads(row.details).get("group") == album), None)


def before(message: Incoming) -> Incoming | None:
    """Give the newest message before another one in its conversation."""
    query = rows.Inbox.select().where(
        rows.Inbox.channel == message.channel,
        rows.Inbox.external_thread == message.external_thread,
        rows.Inbox.id < message.id,
    )
    row = query.order_by(rows.Inbox.id.desc()).first()
    return None if row is None else _incoming(row)


def overtaking(message: Incoming) -> list[str]:
    """Give the commands that came after a message in its channel and were done before it."""
    query = rows.Inbox.select(rows.Inbox.text).where(
        rows.Inbox.channel == message.channel, rows.Inbox.id > message.id, rows.Inbox.became == Became.COMMAND
    )
    return [row.text for row in query.limit(_LATELY)]


def unanswered(channel: str) -> list[Incoming]:
    """Give the handled messages that were to be answered later, and were not."""
    query = rows.Inbox.select().where(rows.Inbox.channel == channel)
    lately = map(_incoming, query.order_by(rows.Inbox.id.desc()).limit(_LATELY))
    later = {f"reply:{message.id}": message for message in lately if "later" in message.details}
    answered = rows.Outbox.select(rows.Outbox.once).where(rows.Outbox.once.in_(list(later))).tuples()
    return [message for once, message in later.items() if once not in {row[0] for row in answered}]


def commanded(channel: str, thread: str, command: str, since: float) -> bool:
    """Say whether a command came in a conversation since then."""
    query = rows.Inbox.select(rows.Inbox.id).where(
        rows.Inbox.channel == channel,
        rows.Inbox.external_thread == thread,
        rows.Inbox.sent_at >= since - 1,
        rows.Inbox.became == Became.COMMAND,
        rows.Inbox.text.startswith(command),
    )
    return bool(query.exists())


def move_thread(channel: str, old: str, new: str) -> None:
    """Write that the channel calls a conversation otherwise from now on."""
    rows.Inbox.update(external_thread=new).where(
        rows.Inbox.channel == channel, rows.Inbox.external_thread == old, rows.Inbox.state == IncomingState.STORED
    ).execute()


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
        message=row.message,
        quoted=row.quoted,
        details=json.loads(row.details),
        sent_at=row.sent_at,
        at=row.at,
        became=row.became,
        task_id=row.task_id,
    )
