"""Functionary 3.2: `>>>name`, a line feed and JSON; `>>>all` before words. Version 2 has `<|recipient|>` for `>>>`."""

import re
from collections.abc import Mapping
from typing import Any

from agents.models.spoken.described import arguments_of
from agents.models.spoken.loose import value_at
from agents.models.spoken.reading import Found, SpokenCall, UnreadableError

MARKS = (">>>", "<|from|>assistant", "<|recipient|>")
_HEAD = re.compile(r">>>\s?([A-Za-z_][\w.-]{0,199})\s*\n")
_OLDER = re.compile(r"(?:<\|from\|>\s?assistant\s*)?<\|recipient\|>\s?([A-Za-z_][\w.-]{0,199})\s*<\|content\|>")
_NEXT = re.compile(r">>>|<\|from\|>|<\|recipient\|>|<\|stop\|>")


def at(text: str, position: int, schemas: Mapping[str, Mapping[str, Any]]) -> Found | None:
    """Read one part of an answer; `>>>` before anything else is Python's prompt."""
    older = _OLDER.match(text, position)
    head = older or _HEAD.match(text, position)
    if head is None or (position > 0 and text[position - 1] in ">`"):
        return None
    if head[1] == "all":
        following = _NEXT.search(text, head.end())
        stop = following.start() if following else len(text)
        return Found(stop, shown=text[head.end() : stop])
    if (head[1] not in schemas and not older) or text[head.end() :].lstrip()[:1] != "{":
        return None
    try:
        value, end = value_at(text, head.end())
        return Found(end, (SpokenCall(head[1], arguments_of(value)),))
    except UnreadableError as problem:
        return Found(len(text), problem=f"{head[1]}: {problem}")
