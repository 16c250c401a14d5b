"""What is asked of a model and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from daemon.domain.call import ToolCall
from daemon.domain.limits import Usage


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """A request in the chat-completions form: `messages` and `tools` as the OpenAI API defines them.

    `tier` names a tier or one model. A `private` request reaches nothing but the owner's own models (M2).
    """

    tier: str
    messages: tuple[Mapping[str, Any], ...]
    tools: tuple[Mapping[str, Any], ...] = ()
    private: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of one model: what it took, in which time, and why it failed; `problem` is empty where it did not.

    `estimated` says that the server counted no tokens, or not all of them.
    """

    model: str
    usage: Usage
    seconds: float
    problem: str = ""
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class ModelReply:
    """What a model answered, and what it took, failed attempts included.

    `problems` say, to the model, what is wrong with calls that could not be read: they are not among the calls.
    `elsewhere` are calls that the provider made on its own side: they are recorded and never made here. `kept` is what
    the same model wants to see again with this reply (signatures of its thoughts), as JSON values.
    """

    text: str
    calls: tuple[ToolCall, ...] = ()
    model: str = ""
    usage: Usage = field(default_factory=Usage)
    attempts: tuple[Attempt, ...] = ()
    problems: tuple[str, ...] = ()
    elsewhere: tuple[ToolCall, ...] = ()
    kept: Mapping[str, Any] = field(default_factory=dict)
