"""`<function=name>`: JSON within (Llama 3.1, Functionary 3.1) or `<parameter=name>value</parameter>` (Qwen-Coder)."""

import re
from collections.abc import Mapping
from typing import Any

from agents.models.spoken.described import arguments_of
from agents.models.spoken.loose import value_at
from agents.models.spoken.reading import BROKEN_OFF, Found, SpokenCall, UnreadableError
from agents.models.spoken.typed import typed

MARKS = ("<function=",)
_OPEN = re.compile(r"<function=([^>\n]{1,200})>")
_PARAMETER = re.compile(r"\s*<parameter=([^>\n]{1,200})>")
_CLOSE = re.compile(r"\s*</function>")
_CLOSED = re.compile(r"</parameter>(?=\s*(?:<parameter=|</function>|</tool_call>|\Z))")
"""A closing tag that is one: of those within a value none is followed by what may follow a value."""
_NEXT = re.compile(r"^<parameter=", re.MULTILINE)
_ENDS = ("</parameter>", "<parameter=", "</function>")


def at(text: str, position: int, schemas: Mapping[str, Mapping[str, Any]]) -> Found | None:
    """Read one function."""
    opened = _OPEN.match(text, position)
    if opened is None:
        return None
    name = opened[1].strip().strip("\"'")
    if text[opened.end() :].lstrip()[:1] == "{":
        try:
            value, end = value_at(text, opened.end())
            arguments: Mapping[str, Any] = arguments_of(value)
        except UnreadableError as problem:
            return Found(len(text), problem=f"{name}: {problem}")
    else:
        try:
            arguments, end = parameters_in(text, opened.end(), schemas.get(name))
        except UnreadableError as problem:
            return Found(len(text), problem=f"{name}: {problem}")
    close = _CLOSE.match(text, end)
    return Found(close.end() if close else end, (SpokenCall(name, arguments),))


def parameters_in(text: str, start: int, schema: Mapping[str, Any] | None) -> tuple[dict[str, Any], int]:
    """Read `<parameter=name>` after each other; gives their values and where they end.

    Raises UnreadableError where the text ends within a value: half a path is another path.
    """
    written, end = dict[str, str](), start
    while opened := _PARAMETER.match(text, end):
        begin = opened.end()
        stop, closing = _end_of_value(text, begin)
        written[opened[1].strip()] = _without_frame(text[begin:stop])
        end = stop + closing
    close = _CLOSE.match(text, end)
    return typed(written, schema), close.end() if close else end


def _end_of_value(text: str, begin: int) -> tuple[int, int]:
    """Give where a value ends, and how long its closing tag is: the tag may be missing."""
    closing = _CLOSED.search(text, begin)
    if closing:
        if _NEXT.search(text, begin, closing.start()):
            raise UnreadableError("a </parameter> is missing")
        return closing.start(), len("</parameter>")
    found = [(text.find(mark, begin), mark) for mark in _ENDS]
    places = [(place, mark) for place, mark in found if place >= 0]
    if not places:
        raise UnreadableError(BROKEN_OFF)
    closed = text.find("</parameter>", begin)
    following = min((place for place, mark in places if mark == "<parameter="), default=len(text))
    if 0 <= closed < following:
        # Of several closing tags before the next parameter, those within the value are not alone on their line.
        return closed, len("</parameter>")
    place, _ = min(places)
    return place, 0


def _without_frame(value: str) -> str:
    """Take away the line feeds that stand between tags and value."""
    return value.removeprefix("\n").removesuffix("\n")
