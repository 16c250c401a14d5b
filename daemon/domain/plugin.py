"""What packages of others add to the house by entry points, and what of it could not be taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from daemon.domain.ended import Finished
from daemon.domain.ports import Agent, Work
from daemon.domain.task import Task

TOOLS = "personal_agent.tools"
"""Group of entry points: a tool (the port `Tool`, or a function below `agents.tools.function.tool`), or a list."""
AGENTS = "personal_agent.agents"
"""Group of entry points: an `OwnAgent`, or a list."""
CHANNELS = "personal_agent.channels"
"""Group of entry points: a way out (the port `Channel`), or a list."""
MODELS = "personal_agent.models"
"""Group of entry points that is kept for model providers."""


@dataclass(frozen=True, slots=True)
class Plugged:
    """What an entry point gave; `source` names the package and its version."""

    name: str
    source: str
    value: object


@dataclass(frozen=True, slots=True)
class PluginProblem:
    """Something that was left out, and why; `source` names the package and the entry point."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class ListedTool:
    """A tool as the owner sees it. `effect` is that of the mildest call; `because` says what switched it."""

    name: str
    description: str
    effect: str
    source: str
    on: bool
    because: str
    aliases: Sequence[str]


class OwnAgent(Protocol):
    """A way to do tasks that a package adds, with its own word on what a complete result is."""

    name: str
    """By this name the owner asks for it (`--agent NAME`); it is also in the policy's rules."""

    def fits(self, task: Task) -> Mapping[str, Any] | None:
        """Give what a run is started with (JSON values, frozen with it), or None where the task is not for it.

        Of a task that the owner gave to it by name it is told too; then None means that it goes without.
        """

    def build(self, frozen: Mapping[str, Any]) -> Agent:
        """Give the agent of a run, also after a restart."""

    def lacking(self, work: Work, ended: Finished) -> str | None:
        """Say what the result lacks, which ends the run in an error that says so; None where it is complete."""
