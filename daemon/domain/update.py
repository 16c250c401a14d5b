"""The one history of status changes, progress and notes of a task (T3)."""

from dataclasses import dataclass
from enum import StrEnum


class UpdateKind(StrEnum):
    """What happened."""

    STATUS = "status"
    PROGRESS = "progress"
    NOTE = "note"
    QUESTION = "question"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Update:
    """One line of a task's history, in the order of `id`."""

    id: int
    task_id: int
    run_id: int
    kind: UpdateKind
    text: str
    at: float
