"""Fences of their own: ```tool_code with calls as Python writes them (Gemma), ```tool_call with JSON."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from agents.models.spoken.described import calls_of
from agents.models.spoken.loose import value_at
from agents.models.spoken.pythonic import calls_in
from agents.models.spoken.reading import Found, SpokenCall, UnreadableError

MARKS = ("```tool_code", "```tool_call", "```tool_use", "```function_call")
_FENCE = re.compile(r"```(tool_codes?|tool_calls?|tool_use|function_calls?)[ \t]*\n")
_PRINTED = re.compile(r"^[ \t]*print\((.*)\)[ \t]*$", re.MULTILINE)


def at(text: str, position: int, schemas: Mapping[str, Mapping[str, Any]]) -> Found | None:
    """Read what stands in the fence."""
    del schemas
    fence = _FENCE.match(text, position)
    if fence is None:
        return None
    closing = text.find("\n```", fence.end() - 1)
    stop = closing if closing >= 0 else len(text)
    end = closing + 4 if closing >= 0 else len(text)
    try:
        return Found(end, _calls(text, fence.end(), stop))
    except UnreadableError as problem:
        return Found(end, problem=str(problem))


def _calls(text: str, start: int, stop: int) -> tuple[SpokenCall, ...]:
    body = text[start:stop].strip()
    if body[:1] not in ("{", "["):
        written = calls_in(_PRINTED.sub(r"\1", body))
        return tuple(replace(call, name=call.name.removeprefix("default_api.")) for call in written)
    try:
        value, end = value_at(body, 0)
        calls = list(calls_of(value))
        while body[end:].strip()[:1] == "{":
            value, end = value_at(body, end)
            calls.extend(calls_of(value))
    except UnreadableError:
        if body.startswith("["):
            return calls_in(body)
        raise
    return tuple(calls)
