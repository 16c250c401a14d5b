"""`<tool name="…">{json}</tool>`, and its kin `<tool_use name="…">`."""

import re
from collections.abc import Mapping
from typing import Any

from agents.models.spoken.described import arguments_of
from agents.models.spoken.loose import value_at
from agents.models.spoken.reading import Found, SpokenCall, UnreadableError

MARKS = ("<tool ", "<tool_use ", "<call ")
_OPEN = re.compile(r"<(tool|tool_use|call)\s+name\s*=\s*[\"']([^\"'>\n]{1,200})[\"']\s*(/?)>")

_FENCE = re.compile(r"\s*```(?:json)?\s*(?=\{)")


def at(text: str, position: int, schemas: Mapping[str, Mapping[str, Any]]) -> Found | None:
    """Read one tag; one that is closed at once has no arguments."""
    del schemas
    opened = _OPEN.match(text, position)
    if opened is None:
        return None
    tag, name, start = opened[1], opened[2], opened.end()
    if opened[3]:
        return Found(start, (SpokenCall(name, {}),))
    close = re.compile(rf"\s*(?:```\s*)?</{tag}>")
    fence = _FENCE.match(text, start)
    start = fence.end() if fence else start
    empty = close.match(text, start)
    if empty:
        return Found(empty.end(), (SpokenCall(name, {}),))
    try:
        value, end = value_at(text, start)
        arguments = arguments_of(value)
    except UnreadableError as problem:
        closed = text.find(f"</{tag}>", start)
        return Found(closed + len(tag) + 3 if closed >= 0 else len(text), problem=f"{name}: {problem}")
    closed_here = close.match(text, end)
    if closed_here is None and text[end:].strip():
        return Found(end, problem=f"{name}: </{tag}> is missing after the arguments")
    return Found(closed_here.end() if closed_here else end, (SpokenCall(name, arguments),))
