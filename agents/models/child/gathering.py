"""One answer, put together from the pieces of a stream (the chunks of the chat-completions API)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agents.models.child.looked_up import LookedUp
from agents.models.child.thoughts import add_piece
from agents.models.estimate import tokens_of

_ELSEWHERE = ("srvtoolu_", "ws_", "mcp_")
"""How the ids of calls begin that a provider makes on its own side (Anthropic, OpenAI)."""


@dataclass(slots=True)
class CallPieces:
    """A call as far as it has come."""

    id: str = ""
    name: str = ""
    arguments: str = ""
    kept: dict[str, Any] = field(default_factory=dict)
    elsewhere: bool = False


@dataclass(slots=True)
class Gathering:
    """What has come of an answer so far."""

    text: list[str] = field(default_factory=list)
    calls: list[CallPieces] = field(default_factory=list)
    thought: list[str] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)
    finish: str = ""
    usage: Any = None
    pieces: int = 0
    looked_up: LookedUp = field(default_factory=LookedUp)
    _by_index: dict[int, CallPieces] = field(default_factory=dict)

    @property
    def is_cut_off(self) -> bool:
        """Say whether the answer ended because it may not be longer."""
        return self.finish == "length"

    @property
    def has_said_something(self) -> bool:
        """Say whether there is anything in it that costs."""
        return bool(self.text or self.calls)

    @property
    def tokens(self) -> int:
        """Estimate what it took to say and think it."""
        calls = (call.name + call.arguments for call in self.calls)
        return sum(tokens_of(text) for text in ("".join(self.text), "".join(self.thought), *calls) if text)

    @property
    def is_refused(self) -> bool:
        """Say whether the provider held back the answer, or the rest of it, for its content."""
        return self.finish == "content_filter"

    def add(self, chunk: Any) -> str:
        """Take one chunk; gives the text in it."""
        self.pieces += 1
        self.usage = getattr(chunk, "usage", None) or self.usage
        self.looked_up.see(chunk)
        said = []
        for choice in getattr(chunk, "choices", None) or ():
            self.finish = choice.finish_reason or self.finish
            delta = choice.delta
            if delta is None:
                continue
            if delta.content:
                said.append(delta.content)
            if thought := getattr(delta, "reasoning_content", None):
                self.thought.append(thought)
            for call in delta.tool_calls or ():
                self._add_call(call)
            self._keep(delta)
        self.text.extend(said)
        return "".join(said)

    def _add_call(self, piece: Any) -> None:
        index = piece.index if piece.index is not None else len(self.calls)
        call = self._by_index.get(index)
        # Some providers give every call the same index; then a new id begins another call, or a name after a whole one.
        if call is None or _begins_another(call, piece):
            call = self._by_index[index] = CallPieces()
            self.calls.append(call)
        call.id = piece.id or call.id
        function = piece.function
        call.name += (function.name or "") if not call.name else ""
        call.arguments += function.arguments or ""
        call.kept |= getattr(piece, "provider_specific_fields", None) or {}
        kind = getattr(piece, "type", None) or "function"
        call.elsewhere = call.elsewhere or kind != "function" or call.id.startswith(_ELSEWHERE)

    def _keep(self, delta: Any) -> None:
        for block in getattr(delta, "thinking_blocks", None) or ():
            add_piece(self.kept.setdefault("thinking_blocks", []), dict(block))


def _begins_another(call: CallPieces, piece: Any) -> bool:
    if piece.id and call.id:
        return bool(piece.id != call.id)
    return bool(piece.function.name) and bool(call.name) and _is_whole(call.arguments)


def _is_whole(arguments: str) -> bool:
    try:
        json.loads(arguments or "{}")
    except (ValueError, RecursionError):
        return False
    return True


class MalformedCallError(ValueError):
    """The arguments of a call cannot be read; says what is wrong, for the model."""


def arguments_of(call: CallPieces) -> Mapping[str, Any]:
    """Read the arguments of a call; raises MalformedCallError."""
    written = call.arguments.strip() or "{}"
    try:
        value = json.loads(written)
        if isinstance(value, str):  # written as JSON twice, as some models do
            value = json.loads(value)
    except (ValueError, RecursionError) as problem:
        reason = getattr(problem, "msg", "nested too deeply")
        where = getattr(problem, "pos", 0)
        near = written[max(0, where - 20) : where + 20]
        raise MalformedCallError(
            f"The arguments of {call.name} are not JSON: {reason} at character {where}, near {near!r}."
        ) from problem
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise MalformedCallError(f"The arguments of {call.name} must be one JSON object, not {type(value).__name__}.")
    return value


def whole(text: str) -> str:
    """Give a text in which no half characters are left: halves that belong together are joined, others replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
