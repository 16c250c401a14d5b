"""Where we speak, and what goes in and out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from daemon.domain.blob import Blob
from daemon.domain.principal import Principal


@dataclass(frozen=True, slots=True)
class Conversation:
    """A chat, topic, mail thread or terminal session; `external_thread` is the channel's own name for it."""

    id: int
    channel: str
    external_thread: str


class IncomingState(StrEnum):
    """STATES.md, incoming message."""

    STORED = "stored"
    HANDLED = "handled"
    REFUSED = "refused"


class Became(StrEnum):
    """What a message was taken for."""

    TASK = "task"
    STEER = "steer"
    ANSWER = "answer"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Incoming:
    """What somebody sent us; unique by channel and external id.

    `message` is the channel's name for the message itself, by which an answer refers to it. `text` are the sender's own
    words; `quoted` are words of others that came with them (forwarded, quoted), which are never an order. `details` are
    JSON values that only the channel reads. `sent_at` is when the channel says that it was sent, `at` when we took it.
    """

    channel: str
    external_id: str
    external_thread: str
    principal: Principal
    text: str
    files: tuple[Blob, ...] = ()
    id: int = 0
    state: IncomingState = IncomingState.STORED
    message: str = ""
    quoted: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    sent_at: float = 0.0
    at: float = 0.0
    became: str = ""
    task_id: int | None = None


@dataclass(frozen=True, slots=True)
class Handling:
    """What became of a message: `reply` is said in its conversation, once; `says` as in `Outgoing`.

    `later` names what the channel does once the message is marked, because it takes its time, and then answers.
    """

    became: Became
    task_id: int | None = None
    reply: str = ""
    says: Mapping[str, Any] = field(default_factory=dict)
    later: str = ""


class OutgoingState(StrEnum):
    """STATES.md, outgoing message."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


class OutgoingKind(StrEnum):
    """Why we write."""

    RESULT = "result"
    APPROVAL = "approval"
    NOTICE = "notice"
    MESSAGE = "message"
    PROGRESS = "progress"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that is stored before it is sent. `repeated` marks a possible repeat to the owner after a crash.

    `text` is said as it is where nothing renders it; `says` are JSON values for who does: `key` names a text of
    `daemon.domain.words`, the rest are its values. `answers` is the message that it answers, as the channel calls it.
    What is sent in several `parts` has the names of those that were sent. `shown` is what was last seen in its place.
    """

    id: int
    conversation_id: int
    kind: OutgoingKind
    text: str
    state: OutgoingState
    created_at: float
    files: tuple[Blob, ...] = ()
    run_id: int | None = None
    approval_id: str | None = None
    external_id: str | None = None
    reason: str = ""
    attempts: int = 0
    repeated: bool = False
    to: str = field(default="owner")
    says: Mapping[str, Any] = field(default_factory=dict)
    answers: str = ""
    parts: tuple[str, ...] = ()
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One of several messages that an outgoing message became, as the channel calls it; `last`: none follows."""

    id: str
    last: bool
