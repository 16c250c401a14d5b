"""What the reads give for a line of a page, as far as the terminal looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from daemon.domain.run import RunStatus


class TaskLine(Protocol):
    """A task in a list."""

    @property
    def id(self) -> int:
        """Give its number."""

    @property
    def title(self) -> str:
        """Give its title."""

    @property
    def status(self) -> RunStatus:
        """Give the status of its newest run."""

    @property
    def created_at(self) -> float:
        """Say when it came, in seconds since the epoch."""

    @property
    def priority(self) -> int:
        """Give its place in the queue; higher is first."""

    @property
    def project(self) -> str | None:
        """Give the project that it is tagged with."""


class AuditEntry(Protocol):
    """An entry of the audit log."""

    @property
    def id(self) -> int:
        """Give its number in the chain."""

    @property
    def at(self) -> float:
        """Say when it was written, in seconds since the epoch."""

    @property
    def kind(self) -> str:
        """Say what happened."""

    @property
    def actor(self) -> str:
        """Say who did it."""

    @property
    def task_id(self) -> int | None:
        """Give the task that it concerns."""

    @property
    def run_id(self) -> int | None:
        """Give the run that it concerns."""

    @property
    def detail(self) -> str | None:
        """Give the details as JSON text; None where the task was forgotten."""

    @property
    def hash(self) -> str:
        """Give the hash that chains it."""
