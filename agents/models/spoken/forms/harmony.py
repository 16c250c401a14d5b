"""gpt-oss: calls on the commentary channel, the answer on the final one (OpenAI, Harmony response format)."""

import re
from collections.abc import Mapping
from typing import Any

from agents.models.spoken.described import arguments_of, bare
from agents.models.spoken.loose import value_at
from agents.models.spoken.reading import Found, SpokenCall, UnreadableError

MARKS = ("<|start|>assistant", "<|channel|>")
_HEAD = re.compile(
    r"(?:<\|start\|>assistant)?(?P<early> to=[\w.-]{1,200})?"
    r"(?:<\|channel\|>(?P<channel>\w+)(?P<late> ?to=[\w.-]{1,200})?)?"
    r"\s*(?:<\|constrain\|>\w+|json|code)?\s*<\|message\|>"
)
_END = re.compile(r"\s*(?:<\|call\|>|<\|end\|>|<\|return\|>)?")
_STOPS = ("<|end|>", "<|return|>", "<|call|>", "<|start|>", "<|channel|>")


def at(text: str, position: int, schemas: Mapping[str, Mapping[str, Any]]) -> Found | None:
    """Read one message of a channel."""
    del schemas
    head = _HEAD.match(text, position)
    if head is None:
        return None
    to = (head["early"] or head["late"] or "").strip().removeprefix("to=")
    if not to or to == "assistant":
        return _words(text, head)
    try:
        value, end = value_at(text, head.end())
        arguments = arguments_of(value)
    except UnreadableError as problem:
        return Found(_stop(text, head.end()), problem=f"{bare(to)}: {problem}")
    closed = _END.match(text, end)
    return Found(closed.end() if closed else end, (SpokenCall(bare(to), arguments),))


def _words(text: str, head: "re.Match[str]") -> Found:
    stop = _stop(text, head.end())
    closed = _END.match(text, stop)
    shown = "" if head["channel"] == "analysis" else text[head.end() : stop]
    return Found(closed.end() if closed else stop, shown=shown)


def _stop(text: str, start: int) -> int:
    return min((place for mark in _STOPS if (place := text.find(mark, start)) >= 0), default=len(text))
