"""Weak forms: JSON and Python that could as well be an example. They count where nothing else can be meant.

That is: the tools are known, the arguments are there, and the call is the whole answer, or its end after words that
announce it and do not talk about it.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from agents.models.spoken.described import arguments_of, calls_of, names_and_arguments
from agents.models.spoken.loose import value_at
from agents.models.spoken.pythonic import calls_in
from agents.models.spoken.reading import Found, SpokenCall, UnreadableError

_FENCE = re.compile(r"```(?:json|tool|python)?[ \t]*\n\s*(?=[{\[])")
_FENCE_END = re.compile(r"\s*(?:```[ \t]*(?=\n|\Z)|\Z)")
_NAMED = re.compile(r"\s*([A-Za-z_][\w.-]{0,199})[ \t]*\n\s*(?:<\|content\|>)?\s*(?=\{)")
_LINES = re.compile(r"(?:\A|\n)[ \t]*(?P<body>[A-Za-z_][\w.]{0,99}\(.*\))[ \t]*\s*\Z", re.DOTALL)
_BARE = re.compile(r"[A-Za-z_][\w.]{0,99}\(")
_TALK = re.compile(
    r"\b(?:examples?|e\.g|for instance|would|could|might|may|should|shall|can|cannot|can't|never|not|don't|won't"
    r"|instead|format|syntax|like this|such as|document\w*|if you|you (?:call|use|write|type)|to call|signature|usage"
    r"|used|wrote|said|returns?|prints?|error|logs?|output|following (?:code|function|script)|how to|means)\b",
    re.IGNORECASE,
)
_NEAR = 240
"""Characters before a call that are looked at: whether they announce it or talk about it."""

Schemas = Mapping[str, Mapping[str, Any]]


def weakly_spoken(text: str, schemas: Schemas) -> Found | None:
    """Give the calls that are the whole of `text` or its end, with what stands before them in `shown`."""
    stripped = text.strip()
    for read in (_whole_json, _whole_python):
        calls = read(stripped)
        if calls and _known(calls, schemas):
            return Found(len(text), calls)
    return _named_json(text, schemas) or _fenced(text, schemas) or _bare(text, schemas)


def whole_json(text: str, schemas: Schemas) -> Found | None:
    """Give the calls of an answer that is nothing but their JSON, whatever marks stand within its texts."""
    calls = _whole_json(text.strip())
    return Found(len(text), calls) if calls and _known(calls, schemas) else None


def _whole_json(text: str) -> tuple[SpokenCall, ...]:
    """Read an answer that is JSON objects only, with nothing or a semicolon between."""
    calls: list[SpokenCall] = []
    at = 0
    while at < len(text):
        if text[at] not in "{[":
            return ()
        try:
            value, at = value_at(text, at)
            if not _means_calls(value):
                return ()
            calls.extend(calls_of(value))
        except UnreadableError:
            return ()
        while at < len(text) and text[at] in "; \n\r\t,":
            at += 1
    return tuple(calls)


def _means_calls(value: Any) -> bool:
    if isinstance(value, Mapping) and isinstance(value.get("tool_calls"), list):
        return set(value) <= {"tool_calls", "content", "role"} and _means_calls(value["tool_calls"])
    values: Iterable[Any] = value if isinstance(value, list) else [value]
    return bool(value) and all(map(names_and_arguments, values))


def _whole_python(text: str) -> tuple[SpokenCall, ...]:
    if not (text.startswith("[") and text.endswith("]")):
        return ()
    try:
        return calls_in(text)
    except UnreadableError:
        return ()


def _fenced(text: str, schemas: Schemas) -> Found | None:
    """Read JSON in fences, where the answer has no others, and the words around do not talk about it."""
    if "~~~" in text:
        return None
    calls, around, end = list[SpokenCall](), list[str](), 0
    while fence := _FENCE.search(text, end):
        around.append(text[end : fence.start()])
        try:
            value, end = value_at(text, fence.end())
            found = calls_of(value) if _means_calls(value) else ()
        except UnreadableError:
            return None
        closed = _FENCE_END.match(text, end)
        if not found or closed is None:
            return None
        calls.extend(found)
        end = closed.end()
    around.append(text[end:])
    if not calls or "```" in around[-1] or any(map(_talks, around)) or not _known(calls, schemas):
        return None
    return Found(len(text), tuple(calls), shown="\n".join(part.strip() for part in around))


def _named_json(text: str, schemas: Schemas) -> Found | None:
    """Read an answer that is the name of a tool and its arguments as JSON below it (GLM 4, Functionary)."""
    head = _NAMED.match(text)
    if head is None or head[1] not in schemas:
        return None
    try:
        value, end = value_at(text, head.end())
        calls = (SpokenCall(head[1], arguments_of(value)),)
    except UnreadableError:
        return None
    return Found(len(text), calls) if not text[end:].strip() and _known(calls, schemas) else None


def _bare(text: str, schemas: Schemas) -> Found | None:
    """Read `name(argument=value)` on the lines with which an answer ends."""
    if "```" in text:
        return None
    lines = text.rstrip().split("\n")
    for first in range(len(lines)):
        body, before = "\n".join(lines[first:]), "\n".join(lines[:first]).strip()
        if not _BARE.match(lines[first].strip()) or (before and lines[first][:1].isspace()):
            continue  # what is indented below words is a part of a program
        try:
            calls = calls_in("\n".join(line.strip() for line in lines[first:]) if first == len(lines) - 1 else body)
        except UnreadableError:
            continue
        if _known(calls, schemas) and not _talks(before) and all(call.arguments or not before for call in calls):
            return Found(len(text), calls, shown=before)
        return None
    return None


def _known(calls: Iterable[SpokenCall], schemas: Schemas) -> bool:
    """Say whether all tools exist and no argument is foreign to them."""
    return all(
        call.name in schemas and set(call.arguments) <= set(schemas[call.name].get("properties", call.arguments))
        for call in calls
    )


def _talks(before: str) -> bool:
    near = before[-_NEAR:]
    return _TALK.search(near) is not None or near.rstrip().endswith("?") or near.lstrip().startswith(">")
