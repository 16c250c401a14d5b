"""What is asked of a model and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from daemon.domain.call import ToolCall
from daemon.domain.limits import Usage


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """A request in the chat-completions form: `messages` and `tools` as the OpenAI API defines them."""

    tier: str
    messages: tuple[Mapping[str, Any], ...]
    tools: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class ModelReply:
    """What a model answered, and what it took."""

    text: str
    calls: tuple[ToolCall, ...] = ()
    model: str = ""
    usage: Usage = field(default_factory=Usage)
