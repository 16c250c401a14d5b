"""DeepSeek's own marks: V3 and R1 with a kind and fenced JSON, V3.1 with the name and bare JSON."""

import re
from collections.abc import Mapping
from typing import Any

from agents.models.spoken.described import arguments_of
from agents.models.spoken.loose import value_at
from agents.models.spoken.reading import Found, SpokenCall, UnreadableError

_CALLS = "<｜tool▁calls▁begin｜>"
_CALL = "<｜tool▁call▁begin｜>"
MARKS = (_CALLS, _CALL)
_OLD = re.compile(rf"\s*{re.escape(_CALL)}\s*function\s*<｜tool▁sep｜>\s*([^\n<]{{1,200}}?)\s*```(?:json)?\s*")
_NEW = re.compile(rf"\s*{re.escape(_CALL)}\s*([^\n<]{{1,200}}?)\s*<｜tool▁sep｜>\s*")
_AFTER = re.compile(r"\s*(?:```)?\s*(?:<｜tool▁call▁end｜>)?")
_END = re.compile(r"\s*<｜tool▁calls▁end｜>(?:\s*<｜end▁of▁sentence｜>)?")


def at(text: str, position: int, schemas: Mapping[str, Mapping[str, Any]]) -> Found | None:
    """Read all calls behind the mark."""
    del schemas
    end = position + len(_CALLS) if text.startswith(_CALLS, position) else position
    calls: list[SpokenCall] = []
    try:
        while named := _OLD.match(text, end) or _NEW.match(text, end):
            value, end = value_at(text, named.end())
            calls.append(SpokenCall(named[1], arguments_of(value)))
            after = _AFTER.match(text, end)
            end = after.end() if after else end
    except UnreadableError as problem:
        return Found(len(text), problem=str(problem))
    if not calls:
        return None
    closed = _END.match(text, end)
    return Found(closed.end() if closed else end, tuple(calls))
