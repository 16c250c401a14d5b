"""Writing a message into the outbox, for whichever channel the task came from."""

from collections.abc import Mapping
from typing import Any

from daemon.domain.blob import Blob
from daemon.domain.message import OutgoingKind, OutgoingState
from daemon.domain.task import Task
from daemon.store import outbox, tasks

PULLED = frozenset({"cli", "api"})
"""Channels that come and read: for them a message is sent when it is stored."""


def queue(
    task: Task,
    kind: OutgoingKind,
    text: str,
    now: float,
    *,
    files: tuple[Blob, ...] = (),
    run_id: int | None = None,
    approval_id: str | None = None,
    once: str | None = None,
    says: Mapping[str, Any] | None = None,
) -> None:
    """Queue a message to the owner in the task's conversation; part of the caller's transaction.

    `says` is what the text says, for who says it in another language (`Outgoing.says`).
    """
    pulled = tasks.channel_of(task.conversation_id) in PULLED
    outbox.add(
        task.conversation_id,
        kind,
        text,
        now=now,
        files=files,
        run_id=run_id,
        approval_id=approval_id,
        once=once,
        says=says,
        state=OutgoingState.SENT if pulled else OutgoingState.QUEUED,
    )
