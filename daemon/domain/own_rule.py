"""A call that the owner allowed for ever, by a yes to one like it."""

from collections.abc import Mapping
from dataclasses import dataclass

from daemon.domain.effect import Labels


@dataclass(frozen=True, slots=True)
class OwnRule:
    """It allows one tool to one agent.

    `arguments` gives the text (or the canonical JSON) that each argument has, None where it may have any; a call with
    further arguments is not allowed. `labels` are those that the run may have, and no others. `approval_id` names the
    question that was answered; `revoked_at` says since when it no longer counts.
    """

    id: int
    tool: str
    agent: str
    arguments: Mapping[str, str | None]
    labels: Labels
    approval_id: str
    created_at: float
    revoked_at: float | None = None

    @property
    def words(self) -> str:
        """Say what it allows, for the owner."""
        told = [f"{name} {'any' if value is None else repr(value)}" for name, value in self.arguments.items()]
        with_ = f" with {', '.join(told)}" if told else " without arguments"
        read = " and ".join(sorted(self.labels))
        when = f"may have read {read} text" if read else "has read nothing but its task"
        return f"{self.agent} may use {self.tool}{with_}, in a run that {when}"
