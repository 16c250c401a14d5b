"""Where we speak, and what goes in and out."""

from dataclasses import dataclass, field
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class Incoming:
    """What somebody sent us; unique by channel and external id."""

    channel: str
    external_id: str
    external_thread: str
    principal: Principal
    text: str
    files: tuple[Blob, ...] = ()
    id: int = 0
    state: IncomingState = IncomingState.STORED


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


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that is stored before it is sent. `repeated` marks a possible repeat to the owner after a crash."""

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
