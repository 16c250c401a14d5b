"""Cohere: `<|START_ACTION|>[…]<|END_ACTION|>` (Command A, R7B), and `Action:` before fenced JSON (Command R)."""

import re
from collections.abc import Mapping
from typing import Any

from agents.models.spoken.described import calls_of
from agents.models.spoken.loose import value_at
from agents.models.spoken.reading import Found, SpokenCall, UnreadableError

MARKS = ("<|START_ACTION|>", "Action:")
_ACTION = re.compile(r"Action:\s*```(?:json)?\s*(?=\[)")
_END = re.compile(r"\s*(?:<\|END_ACTION\|>|```)")
_ANSWERS = ("directly_answer", "directly-answer")
"""What is no tool: the word that the model answers itself."""


def at(text: str, position: int, schemas: Mapping[str, Mapping[str, Any]]) -> Found | None:
    """Read the list of actions."""
    del schemas
    start = position + len(MARKS[0])
    if text.startswith("Action:", position):
        head = _ACTION.match(text, position)
        if head is None or text[position - 1 : position] not in ("", "\n"):
            return None
        start = head.end()
    try:
        value, end = value_at(text, start)
        calls: tuple[SpokenCall, ...] = calls_of(value)
    except UnreadableError as problem:
        return Found(len(text), problem=str(problem))
    closed = _END.match(text, end)
    return Found(closed.end() if closed else end, tuple(call for call in calls if call.name not in _ANSWERS))
