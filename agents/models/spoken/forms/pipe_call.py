"""`<|tool_call|>` before a JSON list or object (Granite 3, Phi-4-mini; InternLM), closed or not."""

import re
from collections.abc import Mapping
from typing import Any

from agents.models.spoken.described import calls_of
from agents.models.spoken.loose import value_at
from agents.models.spoken.reading import Found, UnreadableError

MARKS = ("<|tool_call|>", "<|tool_calls|>", "<|action_start|>")
_HEAD = re.compile(r"<\|(?:tool_calls?|action_start)\|>(?:\s*<\|plugin\|>)?")
_END = re.compile(r"\s*<\|(?:/tool_calls?|action_end)\|>")


def at(text: str, position: int, schemas: Mapping[str, Mapping[str, Any]]) -> Found | None:
    """Read the JSON behind the mark."""
    del schemas
    head = _HEAD.match(text, position)
    start = head.end() if head else position
    if text[start:].lstrip()[:1] not in ("[", "{"):
        return None
    try:
        value, end = value_at(text, start)
        calls = calls_of(value)
    except UnreadableError as problem:
        return Found(len(text), problem=str(problem))
    closed = _END.match(text, end)
    return Found(closed.end() if closed else end, calls)
