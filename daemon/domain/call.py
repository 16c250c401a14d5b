"""A tool call, what comes back, and the facts that it asks the house to record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from daemon.domain.canonical import digest_of
from daemon.domain.effect import NO_LABELS, Labels
from daemon.domain.limits import Usage
from daemon.domain.run import Stage


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call as the model or a skill wrote it. `id` is the caller's name for it, unique within the run."""

    id: str
    tool: str
    arguments: Mapping[str, Any]

    def digest(self) -> str:
        """Name this very call: tool and arguments, not the id."""
        return digest_of([self.tool, dict(self.arguments)])


@dataclass(frozen=True, slots=True)
class Send:
    """Queue a message in the task's conversation."""

    text: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask the owner; the run waits. The answer is the text of the call's outcome when the run goes on."""

    question: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Write to the update history; with a `key` also to the task's key-value notes."""

    text: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """Say how far the run is: per cent within the stage, 0 to 100."""

    percent: int
    stage: Stage | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Finish:
    """End the run with this text and these files (relative to `output/`)."""

    text: str
    files: tuple[str, ...] = ()


Emit = Send | Ask | Note | Progress | Finish


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tool gives back: `text` for the caller, and `emits`, recorded in the outcome's transaction.

    `usage` is what the call took of what `Tool.price` reserved (steps and seconds are counted by the engine). `fresh`
    says that something the run holds was made anew for it, as it then must be in a replay.
    """

    text: str
    files: tuple[str, ...] = ()
    labels: Labels = NO_LABELS
    emits: tuple[Emit, ...] = ()
    failed: bool = False
    usage: Usage = field(default_factory=Usage)
    fresh: bool = False


class Happened(StrEnum):
    """What a tool's own check says about a call whose outcome is unknown (T4)."""

    DONE = "done"
    NOT_DONE = "not_done"
    CANNOT_TELL = "cannot_tell"
