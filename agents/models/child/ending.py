"""How a provider's last words look, told apart from what a model writes: OpenAI, Anthropic, Gemini, Ollama."""

import json
import re
from collections.abc import Iterator
from typing import Any

from agents.models.child.lines import content_of, is_done

LOOKS = re.compile(
    rb'\[DONE\]|"done"\s*:\s*true|"message_stop"|"(?:finish|stop|block)_?[rR]eason"\s*:\s*"|"refusal"\s*:\s*"'
)
_REASONS = ("finish_reason", "finishReason", "stop_reason", "stopReason", "blockReason", "block_reason", "refusal")
_GIVEN = ("arguments", "args", "input")
"""Where the arguments of a call stand as JSON: what they hold are the model's words."""
CUT_OFF = frozenset({"model_context_window_exceeded", "pause_turn"})
"""Anthropic's words for answers that go on elsewhere; LiteLLM knows neither."""
BROKEN = frozenset({"error", "network_error"})
"""OpenRouter's and Zhipu's words for an answer that could not go on; LiteLLM makes "stop" of them."""


def endings_in(line: bytes) -> frozenset[str]:
    """Give the words by which a line of a stream ends an answer; none where it does not."""
    if not LOOKS.search(line):
        return frozenset()
    if is_done(line):
        return frozenset({"done"})
    try:
        return frozenset(_within(json.loads(content_of(line))))
    except (ValueError, RecursionError):
        return frozenset()


def _within(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for part in value:
            yield from _within(part)
    if not isinstance(value, dict):
        return
    if value.get("done") is True or value.get("type") == "message_stop":
        yield "done"
    for key, part in value.items():
        if key in _REASONS and isinstance(part, str) and part:
            yield part
        elif key not in _GIVEN:
            yield from _within(part)
