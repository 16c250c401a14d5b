"""`<invoke name="…"><parameter name="…">…</parameter></invoke>`, also within a frame (MiniMax, DeepSeek's DSML)."""

import re
from collections.abc import Mapping
from typing import Any

from agents.models.spoken.described import calls_of
from agents.models.spoken.loose import value_at
from agents.models.spoken.reading import BROKEN_OFF, Found, SpokenCall, UnreadableError
from agents.models.spoken.typed import typed

_DSML = "｜DSML｜"
MARKS = (
    *("<invoke", "<function_calls>", "<minimax:tool_call>", "<tool_calls>"),
    *(f"<{_DSML}invoke", f"<{_DSML}function_calls>", f"<{_DSML}tool_calls>"),
)
_FRAME = re.compile(rf"\s*</?(?:{_DSML})?(?:function_calls|minimax:tool_call|tool_calls)>")
_INVOKE = re.compile(rf"\s*<(?P<d>{_DSML})?invoke\s+name=[\"']?([^\"'>\n]{{1,200}})[\"']?[^>\n]{{0,200}}>")
_PARAMETER = re.compile(
    rf"\s*<(?P<d>{_DSML})?parameter\s+name=[\"']?([^\"'>\n]{{1,200}})[\"']?[^>\n]{{0,100}}>(.*?)"
    rf"</(?(d){_DSML})parameter>(?=\s*(?:</?(?:{_DSML})?(?:parameter|invoke)|</|\Z))",
    re.DOTALL,
)
_CLOSE = re.compile(rf"\s*</(?:{_DSML})?invoke>")


def at(text: str, position: int, schemas: Mapping[str, Mapping[str, Any]]) -> Found | None:
    """Read all invocations that follow each other."""
    frame = _FRAME.match(text, position)
    end, calls = (frame.end() if frame else position), list[SpokenCall]()
    if frame and text[end : end + 50].lstrip()[:1] in ("{", "["):
        return _json_lines(text, end)
    while opened := _INVOKE.match(text, end):
        name, end, written = opened[2].strip(), opened.end(), dict[str, str]()
        while parameter := _PARAMETER.match(text, end):
            written[parameter[2].strip()] = parameter[3].removeprefix("\n").removesuffix("\n")
            end = parameter.end()
        if not written and text[end:].lstrip().startswith("{"):
            return Found(len(text), problem=f"{name}: its arguments stand there as JSON, not as parameters")
        if text[end:].lstrip().startswith(("<parameter", f"<{_DSML}parameter")):
            return Found(len(text), problem=f"{name}: {BROKEN_OFF}")
        close = _CLOSE.match(text, end)
        end = close.end() if close else end
        calls.append(SpokenCall(name, typed(written, schemas.get(name))))
    if not calls:
        return None
    closed = _FRAME.match(text, end)
    return Found(closed.end() if closed else end, tuple(calls))


def _json_lines(text: str, end: int) -> Found:
    """Read the JSON objects of a frame, one below the other (MiniMax M1)."""
    calls: list[SpokenCall] = []
    try:
        while text[end : end + 50].lstrip()[:1] in ("{", "["):
            value, end = value_at(text, end)
            calls.extend(calls_of(value))
    except UnreadableError as problem:
        return Found(len(text), problem=str(problem))
    closed = _FRAME.match(text, end)
    return Found(closed.end() if closed else end, tuple(calls))
