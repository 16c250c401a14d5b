"""`functools[{…}]` (Phi-4-mini, Firefunction)."""

from collections.abc import Mapping
from typing import Any

from agents.models.spoken.described import calls_of
from agents.models.spoken.loose import value_at
from agents.models.spoken.reading import Found, UnreadableError

MARKS = ("functools[",)


def at(text: str, position: int, schemas: Mapping[str, Mapping[str, Any]]) -> Found | None:
    """Read the list behind the word."""
    del schemas
    start = position + len(MARKS[0]) - 1
    if not text[start + 1 :].lstrip().startswith("{"):
        return None
    try:
        value, end = value_at(text, start)
        return Found(end, calls_of(value))
    except UnreadableError as problem:
        return Found(len(text), problem=str(problem))
