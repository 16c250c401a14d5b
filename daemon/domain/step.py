"""One recorded thing within a run."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from daemon.domain.effect import NO_LABELS, Effect, Labels
from daemon.domain.limits import Usage


class StepKind(StrEnum):
    """What a step is."""

    MODEL = "model"
    TOOL = "tool"
    NOTE = "note"
    STEER = "steer"


UNDO, REDO = "undo", "redo"
"""Names of the notes by which the owner took the workspace back, or forth again."""


TOO_LONG = "too long"
"""Why a request to a model failed, in its step's output, where the model's window is too small for it."""

COMPACT = "compact"
"""Name of the note that stands in the place of the steps before it, from the next request on."""


class StepStatus(StrEnum):
    """`started` before it happens, then done or failed; unknown when a crash leaves no other word for it."""

    STARTED = "started"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Step:
    """A step as recorded. `seq` counts from 1 within the run.

    `input` is the call or request, `output` the outcome or reply, both JSON values; `digest` names the call
    (tool and arguments). `reserved` is what was set aside before, `usage` what it took. `snapshot` names the
    workspace as it was kept before the step.
    """

    run_id: int
    seq: int
    kind: StepKind
    name: str
    status: StepStatus
    input: Any
    output: Any = None
    effect: Effect | None = None
    digest: str = ""
    call_id: str = ""
    labels: Labels = NO_LABELS
    model: str = ""
    reserved: Usage = field(default_factory=Usage)
    usage: Usage = field(default_factory=Usage)
    started_at: float = 0.0
    ended_at: float | None = None
    snapshot: str | None = None

    @property
    def is_call_made(self) -> bool:
        """Whether it is a call of a tool that was made, or begun: neither refused nor turned away."""
        return self.kind is StepKind.TOOL and "refused" not in (self.output or {})

    @property
    def turns_back(self) -> bool:
        """Whether it is an undo or a redo of the owner's."""
        return self.kind is StepKind.NOTE and self.name in (UNDO, REDO)
