"""Llama 3's `<|python_tag|>` and Llama 4's `<|python_start|>`: JSON, several with semicolons between, or Python."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from agents.models.spoken.described import calls_of
from agents.models.spoken.loose import value_at
from agents.models.spoken.pythonic import calls_in
from agents.models.spoken.reading import Found, SpokenCall, UnreadableError

MARKS = ("<|python_tag|>", "<|python_start|>")
_MORE = re.compile(r"\s*;?\s*(?:<\|python_tag\|>)?\s*(?=\{)")
_END = re.compile(r"<\|(?:eom_id|eot_id|python_end)\|>")


def at(text: str, position: int, schemas: Mapping[str, Mapping[str, Any]]) -> Found | None:
    """Read what follows the mark, up to the end of the turn."""
    del schemas
    start = text.index("|>", position) + 2
    closed = _END.search(text, start)
    end = closed.start() if closed else len(text)
    after = closed.end() if closed else len(text)
    body = text[start:end]
    try:
        if body.lstrip()[:1] == "{" or body.lstrip().startswith("[{"):
            return Found(after, _several(text, start, end))
        calls = calls_in(_closed(body.strip()))
    except UnreadableError as problem:
        return Found(after, problem=str(problem))
    return Found(after, tuple(replace(call, name=call.name.removesuffix(".call")) for call in calls))


def _closed(body: str) -> str:
    """Give a list of calls with the bracket that may be missing at its end."""
    return f"{body}]" if body.startswith("[") and body.endswith(")") else body


def _several(text: str, start: int, end: int) -> tuple[SpokenCall, ...]:
    value, at_ = value_at(text, start, end)
    calls = list(calls_of(value))
    while more := _MORE.match(text, at_, end):
        value, at_ = value_at(text, more.end(), end)
        calls.extend(calls_of(value))
    return tuple(calls)
