"""`<tool_call>…</tool_call>`: JSON (Hermes, Qwen, Granite), XML (Qwen-Coder) or keys and values (GLM) within."""

import re
from collections.abc import Mapping
from typing import Any

from agents.models.spoken.described import arguments_of, calls_of
from agents.models.spoken.forms.function_tag import parameters_in
from agents.models.spoken.loose import value_at
from agents.models.spoken.reading import BROKEN_OFF, Found, SpokenCall, UnreadableError
from agents.models.spoken.typed import typed

MARKS = ("<tool_call>", "<function_call>", "<functioncall>", "<tools>")
_FENCE = re.compile(r"\s*```(?:json)?\s*(?=[{\[])")
_NAMED = re.compile(r"\s*([A-Za-z_][\w.-]{0,199})[ \t]*\n\s*(?=\{)")
"""The older GLM writes a name and JSON below it."""
_END = re.compile(r"\s*(?:```\s*)?</(?:tool_call|function_call|functioncall|tools)>")
_XML = re.compile(r"\s*<function=([^>\n]{1,200})>")
_GLM = re.compile(r"\s*([A-Za-z_][\w.-]{0,199})\s*(?=<arg_key>|</tool_call>)")
_PAIR = re.compile(r"\s*<arg_key>(.*?)</arg_key>\s*<arg_value>(.*?)</arg_value>", re.DOTALL)


def at(text: str, position: int, schemas: Mapping[str, Mapping[str, Any]]) -> Found | None:
    """Read what stands between the tags."""
    start = text.index(">", position) + 1
    fence = _FENCE.match(text, start)
    if fence or text[start : start + 200].lstrip()[:1] in ("{", "["):
        return _json(text, fence.end() if fence else start)
    named = _NAMED.match(text, start)
    if named:
        return _named(text, named)
    xml = _XML.match(text, start)
    if xml:
        try:
            arguments, end = parameters_in(text, xml.end(), schemas.get(xml[1].strip()))
        except UnreadableError as problem:
            return Found(len(text), problem=f"{xml[1].strip()}: {problem}")
        return Found(_after(text, end), (SpokenCall(xml[1].strip(), arguments),))
    glm = _GLM.match(text, start)
    if glm:
        return _pairs(text, glm, schemas)
    return None


def _json(text: str, start: int) -> Found:
    try:
        value, end = value_at(text, start)
        calls = calls_of(value)
    except UnreadableError as problem:
        close = text.find("</", start)
        return Found(_after(text, close) if close >= 0 else len(text), problem=str(problem))
    # A bracket too many before the closing tag changes nothing.
    spare = re.compile(r"\s*[}\]]?(?=\s*</)").match(text, end)
    return Found(_after(text, spare.end() if spare else end), calls)


def _named(text: str, name: "re.Match[str]") -> Found:
    try:
        value, end = value_at(text, name.end())
        return Found(_after(text, end), (SpokenCall(name[1], arguments_of(value)),))
    except UnreadableError as problem:
        return Found(len(text), problem=f"{name[1]}: {problem}")


def _pairs(text: str, name: "re.Match[str]", schemas: Mapping[str, Mapping[str, Any]]) -> Found:
    written, end = dict[str, str](), name.end()
    while pair := _PAIR.match(text, end):
        written[pair[1].strip()] = pair[2]
        end = pair.end()
    if text[end:].lstrip().startswith("<arg_key>"):
        return Found(len(text), problem=f"{name[1]}: {BROKEN_OFF}")
    return Found(_after(text, end), (SpokenCall(name[1], typed(written, schemas.get(name[1]))),))


def _after(text: str, end: int) -> int:
    close = _END.match(text, end)
    return close.end() if close else end
