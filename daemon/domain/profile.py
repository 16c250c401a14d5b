"""What kinds of work there are, and how each is done: the agents of `config/agents/`."""

from dataclasses import dataclass, field

from daemon.domain.limits import Limits


@dataclass(frozen=True, slots=True)
class Profile:
    """An agent that works with a model.

    `tools` are names and patterns of the tools that it may call; `words` and `suffixes` (as in ".csv") are what a goal
    or its files have in common that is work for it; `complexity` is the range, 1 to 10, that it takes. `model` names
    one model where no tier is meant. `approval_required` are names and patterns of tools whose calls are always asked.
    """

    name: str
    description: str
    prompt: str
    tools: tuple[str, ...] = ("*",)
    tier: str = "fast"
    model: str | None = None
    words: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    complexity: tuple[int, int] = (1, 10)
    approval_required: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class ListedAgent:
    """A profile as the owner sees it; `problem` says why it can do nothing now."""

    profile: Profile
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Activity:
    """The tasks that an agent works on, and when it last did something, in seconds since the epoch."""

    tasks: tuple[int, ...]
    last: float
