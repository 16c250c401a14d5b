"""Every outgoing message is stored first (STATES.md, outgoing message)."""

import json
from collections.abc import Mapping
from typing import Any

from peewee import SQL

from daemon.domain.blob import Blob
from daemon.domain.message import Outgoing, OutgoingKind, OutgoingState, Part
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
    says: Mapping[str, Any] | None = None,
    answers: str = "",
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
        says=codec.to_json(dict(says or {})),
        answers=answers,
    ).on_conflict_ignore().execute()


def due(now: float, most: int = 20) -> list[Outgoing]:
    """Give the messages whose time has come, oldest first; of each conversation only the first that is not sent yet."""
    return [_outgoing(row) for row in due_query(now).limit(most)]


def due_query(now: float) -> Any:
    """Give the query for the messages whose time has come; its states are literals, as partial indexes need them."""
    earlier = SQL(
        "NOT EXISTS (SELECT 1 FROM outbox AS e WHERE e.conversation_id = t1.conversation_id AND e.id < t1.id"
        " AND e.state IN ('queued', 'sending'))"
    )
    queued = SQL("state = 'queued'")
    query = rows.Outbox.select().where(queued, rows.Outbox.next_at <= now, earlier)
    return query.order_by(rows.Outbox.next_at, rows.Outbox.id)


def left_sending() -> list[Outgoing]:
    """Give the messages that a crash left in `sending`."""
    return [_outgoing(row) for row in sending_query()]


def sending_query() -> Any:
    """Give the query for the messages that are being sent."""
    return rows.Outbox.select().where(SQL("state = 'sending'")).order_by(rows.Outbox.id)


def get(message_id: int) -> Outgoing:
    """Give one message."""
    return _outgoing(rows.Outbox.get_by_id(message_id))


def of_run(run_id: int) -> list[Outgoing]:
    """Give the messages of a run in order."""
    return [_outgoing(row) for row in rows.Outbox.select().where(rows.Outbox.run_id == run_id).order_by(rows.Outbox.id)]


def called(channel: str, message: str) -> Outgoing | None:
    """Give the message of which a part is called so by the channel."""
    part = rows.SentPart.get_or_none(rows.SentPart.channel == channel, rows.SentPart.message == message)
    return None if part is None else get(part.outbox_id)


def still_asking(channel: str, most: int = 50) -> list[Outgoing]:
    """Give the questions that still look open at a channel although they are not."""
    box, of_channel = rows.Outbox, rows.Conversation.channel == channel
    query = box.select(box).join(rows.Approval, on=(rows.Approval.id == box.approval_id))
    query = query.where(
        SQL("t1.kind = 'approval' AND t1.state = 'sent' AND t1.shown = ''"),
        rows.Approval.state != "open",
        box.conversation_id.in_(rows.Conversation.select(rows.Conversation.id).where(of_channel)),
    )
    return [_outgoing(row) for row in query.order_by(box.id).limit(most)]


def followed(channel: str, most: int = 100) -> list[Outgoing]:
    """Give the sent messages about progress at a channel that do not show the end yet."""
    box, of_channel = rows.Outbox, rows.Conversation.channel == channel
    query = box.select().where(
        SQL("kind = 'progress' AND state = 'sent' AND shown <> 'end'"),
        box.conversation_id.in_(rows.Conversation.select(rows.Conversation.id).where(of_channel)),
    )
    return [_outgoing(row) for row in query.order_by(box.id).limit(most)]


def mark(
    message_id: int,
    state: OutgoingState,
    *,
    expected: OutgoingState,
    external_id: str | None = None,
    reason: str = "",
    next_at: float = 0.0,
    repeated: bool | None = None,
) -> bool:
    """Change the state by compare-and-set; False where somebody else did before."""
    columns: dict[str, Any] = {"state": state, "reason": reason, "next_at": next_at}
    if external_id is not None:
        columns["external_id"] = external_id
    if state is OutgoingState.SENDING:
        columns["attempts"] = rows.Outbox.attempts + 1
    if repeated is not None:
        columns["repeated"] = repeated
    query = rows.Outbox.update(columns).where(rows.Outbox.id == message_id, rows.Outbox.state == expected)
    return bool(query.execute())


def add_part(message: Outgoing, channel: str, part: Part) -> None:
    """Write that a part of a message was sent; what comes after it was neither tried nor repeated before."""
    columns: dict[str, Any] = {"parts": codec.to_json([*message.parts, part.id])}
    if not part.last:
        columns |= {"repeated": False, "attempts": 1}
    rows.Outbox.update(columns).where(rows.Outbox.id == message.id).execute()
    rows.SentPart.insert(channel=channel, message=part.id, outbox_id=message.id).on_conflict_replace().execute()


def show(message_id: int, shown: str) -> None:
    """Write what is seen in the place of a message now."""
    rows.Outbox.update(shown=shown).where(rows.Outbox.id == message_id).execute()


def hasten(channel: str, now: float) -> int:
    """Let what was put off at a channel be sent at once: it can be reached again."""
    conversations = rows.Conversation.select(rows.Conversation.id).where(rows.Conversation.channel == channel)
    query = rows.Outbox.update(next_at=now).where(
        SQL("state = 'queued'"), rows.Outbox.next_at > now, rows.Outbox.conversation_id.in_(conversations)
    )
    return int(query.execute())


def waiting() -> int:
    """Count what is not sent yet."""
    return int(rows.Outbox.select().where(SQL("state IN ('queued', 'sending')")).count())


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
        says=json.loads(row.says),
        answers=row.answers,
        parts=tuple(json.loads(row.parts)),
        shown=row.shown,
    )


def forget(task_id: int) -> None:
    """Delete the messages of a task's runs."""
    ids = rows.Run.select(rows.Run.id).where(rows.Run.task_id == task_id)
    rows.Outbox.delete().where(rows.Outbox.run_id.in_(ids)).execute()
