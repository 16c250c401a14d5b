"""Reads the calls out of a whole answer."""

import re
from collections.abc import Mapping
from typing import Any

from agents.models.spoken.forms import STRONG
from agents.models.spoken.reading import Found, Reading, SpokenCall
from agents.models.spoken.thinking import without_thoughts
from agents.models.spoken.weak import weakly_spoken, whole_json

MARKS = tuple(mark for form in STRONG for mark in form.marks)
_ANY = re.compile("|".join(sorted(map(re.escape, MARKS), key=len, reverse=True)))
_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})(.*)$", re.MULTILINE)
_OWN_FENCES = ("tool_code", "tool_call", "tool_use", "function_call")
_MALFORMED = "A call could not be read: {why}. Write it again as valid JSON."
_TOKENS = re.compile(
    r"<\|(?:eot_id|eom_id|eot|im_end|end|return|call|stop|observation|user|endoftext|end_of_text|end_of_turn|END_ACTION"
    r"|END_OF_TURN_TOKEN|tool_call_end|eom|assistant|START_RESPONSE|END_RESPONSE"
    r"|tool_calls_section_begin|tool_calls_section_end)\|>|<\|start_header_id\|>assistant<\|end_header_id\|>"
    r"|<｜end▁of▁sentence｜>|<end_of_turn>|<seed:eos>|</s>"
)
_FRAMES = re.compile(r"</?(?:seed:)?tool_call>")
"""What is left of the markup around calls that were read by what stands in it."""
"""What ends a turn or a part of one, where a server leaves it in."""
_FIRST_TOKENS = re.compile(rf"\A\s*(?:{_TOKENS.pattern})\s*")
_ROLE = re.compile(r"^\W*(?:user|assistant|system|tool|human|ai|model)\W*:", re.IGNORECASE | re.MULTILINE)
_LAST_TOKENS = re.compile(rf"(?:\s*(?:{_TOKENS.pattern}))+\s*\Z")
_ENDS_A_SENTENCE = re.compile(r"(?:\A|[.:!?…)*`\"'\n>}\]]|-->)[ \t]*\Z")


def read(text: str, tools: Mapping[str, Mapping[str, Any]], *, cut_off: bool = False) -> Reading:
    """Read an answer; `tools` are the JSON Schemas of the tools that exist, by name and alias.

    Of an answer that was `cut_off` at its greatest length the last call is not made: it may be less than was meant.
    """
    text = without_thoughts(text)
    whole = whole_json(_FIRST_TOKENS.sub("", _LAST_TOKENS.sub("", text)), tools)
    if whole is not None:
        shown, calls, problems = "", list(whole.calls), list[str]()
    else:
        shown, calls, problems = _strong(text, tools)
    if not calls and not problems:
        found = weakly_spoken(_FIRST_TOKENS.sub("", _LAST_TOKENS.sub("", shown)), tools)
        if found is not None:
            shown, calls = found.shown, list(found.calls)
    if cut_off and calls:
        problems.append(f"{calls.pop().name} was not called: your answer ended in it.")
    shown = _FRAMES.sub("", shown) if calls else shown
    return Reading(_TOKENS.sub("", shown).strip(), tuple(calls), tuple(problems))


def _strong(text: str, tools: Mapping[str, Mapping[str, Any]]) -> tuple[str, list[SpokenCall], list[str]]:
    """Take out what stands at the marks of strong forms."""
    fences = _fences(text)
    shown, calls, problems = list[str](), list[SpokenCall](), list[str]()
    at = 0
    while mark := _ANY.search(text, at):
        found = None if _is_quoted(text, mark.start(), fences) else _at(text, mark.start(), tools)
        if found is None or not _is_meant(text, mark.start(), found):
            shown.append(text[at : mark.end()])
            at = mark.end()
            continue
        shown.append(text[at : mark.start()] + found.shown)
        calls.extend(found.calls)
        if found.problem:
            problems.append(_MALFORMED.format(why=found.problem))
        at = found.end
    shown.append(text[at:])
    return "".join(shown), calls, problems


def _at(text: str, position: int, tools: Mapping[str, Mapping[str, Any]]) -> Found | None:
    for form in STRONG:
        if any(text.startswith(mark, position) for mark in form.marks):
            found = form.at(text, position, tools)
            if found is not None:
                return found
    return None


def _is_meant(text: str, position: int, found: Found) -> bool:
    """Say whether a call is one, and not a part of a sentence about it."""
    start = text.rfind("\n", 0, position) + 1
    line = text[start:position]
    if _ROLE.match(line) and _ROLE.search(text, 0, start):
        return False  # of a conversation that is told
    begins = not line.strip() or line[-1:].isalnum() or _ENDS_A_SENTENCE.search(line) is not None
    rest = text[found.end :].partition("\n")[0].strip()
    goes_on = bool(rest) and _ANY.match(rest) is None and rest[0] not in "<[" and found.end < len(text)
    return begins and not (goes_on and bool(line.strip()))


def _is_quoted(text: str, position: int, fences: list[tuple[int, int]]) -> bool:
    """Say whether a place lies in a fence, in inline code, in a quotation, or in code that is indented below words."""
    if any(start < position < end for start, end in fences):
        return True
    start = text.rfind("\n", 0, position) + 1
    line = text[start:position]
    if line.startswith(("    ", "\t")) and text[:start].strip():
        return True
    return (line.count("`") % 2 == 1 and not text.startswith("```", position)) or line.lstrip().startswith((">", "|"))


def _fences(text: str) -> list[tuple[int, int]]:
    """Give where code stands in fences (CommonMark, 4.5), but for the fences that are calls themselves."""
    found: list[tuple[int, int]] = []
    opened: tuple[int, str] | None = None
    for line in _FENCE.finditer(text):
        if opened is None:
            own = line[2].strip().startswith(_OWN_FENCES)
            opened = (-1 if own else line.start(), line[1])
        elif line[1][0] == opened[1][0] and len(line[1]) >= len(opened[1]) and not line[2].strip():
            if opened[0] >= 0:
                found.append((opened[0], line.end()))
            opened = None
    return found
