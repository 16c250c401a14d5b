"""`[TOOL_CALLS]`: a JSON list (Mistral before 2024-11), or names with arguments (`name[ARGS]{…}`, `name{…}`)."""

import re
from collections.abc import Mapping
from typing import Any

from agents.models.spoken.described import arguments_of, calls_of
from agents.models.spoken.loose import value_at
from agents.models.spoken.reading import Found, SpokenCall, UnreadableError

MARKS = ("[TOOL_CALLS]",)
_NAMED = re.compile(
    r"\s*(?:\[TOOL_CALLS\])?\s*([A-Za-z_][\w.-]{0,199})\s*(?:\[CALL_ID\]\s*\w{0,64})?\s*(?:\[ARGS\])?\s*(?=\{)"
)
_END = re.compile(r"\s*(?:\[/TOOL_CALLS\]|</s>)")


def at(text: str, position: int, schemas: Mapping[str, Mapping[str, Any]]) -> Found | None:
    """Read all calls behind the mark."""
    del schemas
    end, calls = position, list[SpokenCall]()
    start = position + len(MARKS[0])
    try:
        if text[start:].lstrip()[:1] in ("[", "{"):
            value, end = value_at(text, start)
            calls.extend(calls_of(value))
        else:
            while named := _NAMED.match(text, end):
                value, end = value_at(text, named.end())
                calls.append(SpokenCall(named[1], arguments_of(value)))
    except UnreadableError as problem:
        return Found(len(text), problem=str(problem))
    if not calls:
        return None
    closed = _END.match(text, end)
    return Found(closed.end() if closed else end, tuple(calls))
