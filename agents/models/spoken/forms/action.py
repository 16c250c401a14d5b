"""`<|START_ACTION|>[…]<|END_ACTION|>` (Command A, R7B), `Action:` before fenced JSON (Command R), or a name (ReAct)."""

import re
from collections.abc import Mapping
from typing import Any

from agents.models.spoken.described import arguments_of, calls_of
from agents.models.spoken.loose import value_at
from agents.models.spoken.reading import Found, SpokenCall, UnreadableError

MARKS = ("<|START_ACTION|>", "Action:")
_ACTION = re.compile(r"Action:\s*```(?:json)?\s*(?=\[)")
_REACT = re.compile(r"Action:[ \t]*([A-Za-z_][\w.-]{0,199})[ \t]*\n[ \t]*Action Input:\s*(?=\{)")
_OBSERVED = re.compile(r"\s*Observation:\s*\Z")
_END = re.compile(r"\s*(?:<\|END_ACTION\|>|```)")
_ANSWERS = ("directly_answer", "directly-answer")
"""What is no tool: the word that the model answers itself."""


def at(text: str, position: int, schemas: Mapping[str, Mapping[str, Any]]) -> Found | None:
    """Read the list of actions."""
    start = position + len(MARKS[0])
    named = _REACT.match(text, position)
    if named and named[1] in schemas and text[position - 1 : position] in ("", "\n"):
        return _react(text, named)
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


def _react(text: str, named: "re.Match[str]") -> Found:
    try:
        value, end = value_at(text, named.end())
        call = SpokenCall(named[1], arguments_of(value))
    except UnreadableError as problem:
        return Found(len(text), problem=f"{named[1]}: {problem}")
    observed = _OBSERVED.match(text, end)
    return Found(observed.end() if observed else end, (call,))
