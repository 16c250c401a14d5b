"""A question to the owner about one exact thing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class ApprovalKind(StrEnum):
    """What is asked."""

    CALL = "call"
    UNKNOWN = "unknown"
    BUDGET = "budget"
    QUESTION = "question"


class ApprovalState(StrEnum):
    """Open, then once something else, by compare-and-set (STATES.md)."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    EDITED = "edited"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval as it is kept.

    `id` cannot be guessed (100 random bits in base32). `digest` covers the call and its circumstances; `shown` is the
    text that the owner sees, exact and whole. `used` is the step that the answer was spent on, so that it counts once.
    `why` has the reasons as JSON values, for who says them in another language. `instead_of` is the question of which
    this is the one with the owner's changes.
    """

    id: str
    run_id: int
    task_id: int
    kind: ApprovalKind
    state: ApprovalState
    call: str
    digest: str
    shown: str
    created_at: float
    expires_at: float
    choices: tuple[str, ...] = ()
    answer: str = ""
    decided_by: str = ""
    decided_at: float | None = None
    channel: str = ""
    used: int | None = None
    why: Mapping[str, Any] = field(default_factory=dict)
    instead_of: str | None = None

    @property
    def content(self) -> tuple[str, ...]:
        """Give the arguments that say what, and not where or to whom: a rule may leave them open."""
        return tuple(self.why.get("content", ()))
