"""One execution of a task, and the states it can be in (STATES.md)."""

from dataclasses import dataclass, field
from enum import StrEnum

from daemon.domain.blob import Blob
from daemon.domain.effect import NO_LABELS, Labels
from daemon.domain.limits import Limits, Usage


class RunStatus(StrEnum):
    """The status of a run; a task has that of its newest run."""

    PENDING = "pending"
    RUNNING = "running"
    WAITING = "waiting"
    PAUSED = "paused"
    DONE = "done"
    ERROR = "error"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        """Whether nothing follows: done, error or cancelled."""
        return self in (RunStatus.DONE, RunStatus.ERROR, RunStatus.CANCELLED)


ALLOWED: dict[RunStatus, frozenset[RunStatus]] = {
    RunStatus.PENDING: frozenset({RunStatus.RUNNING, RunStatus.PAUSED, RunStatus.CANCELLED}),
    RunStatus.RUNNING: frozenset(RunStatus) - {RunStatus.RUNNING},
    RunStatus.WAITING: frozenset({RunStatus.PENDING, RunStatus.PAUSED, RunStatus.CANCELLED}),
    RunStatus.PAUSED: frozenset({RunStatus.PENDING, RunStatus.WAITING, RunStatus.CANCELLED}),
    RunStatus.DONE: frozenset(),
    RunStatus.ERROR: frozenset(),
    RunStatus.CANCELLED: frozenset(),
}


class WaitingFor(StrEnum):
    """Why a run waits."""

    OWNER = "owner"
    MODEL = "model"
    BUDGET = "budget"
    CHILDREN = "children"


class Stage(StrEnum):
    """Where complex work stands (T5)."""

    DESIGN = "design"
    BUILD = "build"
    TEST = "test"
    REVIEW = "review"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of a task.

    `number` counts the runs of the task from 1 (its folder is `tasks/N/run-<number>/`), `attempt` counts crashes
    without progress, `epoch` fences the writes of a worker that was taken for dead. `frozen` is the digest of what
    the run was started with, or None before its first start.
    """

    id: int
    task_id: int
    number: int
    status: RunStatus
    epoch: int
    attempt: int
    created_at: float
    waiting_for: WaitingFor | None = None
    stage: Stage | None = None
    percent: int | None = None
    labels: Labels = NO_LABELS
    limits: Limits = field(default_factory=Limits)
    usage: Usage = field(default_factory=Usage)
    frozen: str | None = None
    worker: str | None = None
    steer: tuple[str, ...] = ()
    result: str | None = None
    error: str | None = None
    files: tuple[Blob, ...] = ()
    started_at: float | None = None
    ended_at: float | None = None
