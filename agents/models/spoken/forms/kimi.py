"""Kimi K2: `<|tool_call_begin|>functions.name:0<|tool_call_argument_begin|>{json}<|tool_call_end|>`."""

import re
from collections.abc import Mapping
from typing import Any

from agents.models.spoken.described import arguments_of, bare
from agents.models.spoken.loose import value_at
from agents.models.spoken.reading import Found, SpokenCall, UnreadableError

MARKS = ("<|tool_calls_section_begin|>", "<|tool_call_begin|>")
_CALL = re.compile(r"\s*<\|tool_call_begin\|>\s*([\w.-]{1,200}?)(?::\d{1,4})?\s*<\|tool_call_argument_begin\|>\s*")
_AFTER = re.compile(r"\s*<\|tool_call_end\|>")
_END = re.compile(r"\s*<\|tool_calls_section_end\|>")


def at(text: str, position: int, schemas: Mapping[str, Mapping[str, Any]]) -> Found | None:
    """Read all calls of a section."""
    del schemas
    end = position + len(MARKS[0]) if text.startswith(MARKS[0], position) else position
    calls: list[SpokenCall] = []
    try:
        while named := _CALL.match(text, end):
            value, end = value_at(text, named.end())
            calls.append(SpokenCall(bare(named[1]), arguments_of(value)))
            after = _AFTER.match(text, end)
            end = after.end() if after else end
    except UnreadableError as problem:
        return Found(len(text), problem=str(problem))
    if not calls:
        return None
    closed = _END.match(text, end)
    return Found(closed.end() if closed else end, tuple(calls))
