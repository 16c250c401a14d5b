"""The front matter as a map of texts.

First read as YAML, from its events alone: no objects, numbers or dates are made, so nothing can run, and a value
cannot multiply by aliases. Where it is not YAML, it is read by lines.
"""

import re
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from skills.visible import one_line, quoted

Value: TypeAlias = str | list["Value"] | dict[str, "Value"]

MAX_EVENTS = 5_000
MAX_NESTING = 8
_LINE = re.compile(r"(?P<key>[A-Za-z_][\w .-]{0,60}):(?:[ \t]+(?P<rest>.*))?$")
_BLOCK = re.compile(r"[|>][+-]?\d?[+-]?\s*$")


class _NotPlain(Exception):
    """The YAML is more than a skill needs: too deep, too long, or with aliases of whole structures."""


@dataclass(slots=True)
class _Open:
    """A list or map that is being filled; `key` waits for its value."""

    value: list[Value] | dict[str, Value]
    key: str | None = None


@dataclass(slots=True)
class _Builder:
    """Builds values from the events of a YAML parser, without recursion."""

    warnings: list[str]
    result: Value | None = None
    stack: list[_Open] = field(default_factory=list)
    anchors: dict[str, str] = field(default_factory=dict)

    def begin(self, value: list[Value] | dict[str, Value], flow: bool) -> None:
        """Open a list or a map."""
        if len(self.stack) >= MAX_NESTING:
            raise _NotPlain(f"it is nested more than {MAX_NESTING} deep")
        if flow:
            self.warnings.append("it has lists or maps in brackets, which strict readers refuse")
        self.stack.append(_Open(value))

    def end(self) -> None:
        """Close what was opened last."""
        self.add(self.stack.pop().value)

    def alias(self, anchor: str) -> None:
        """Repeat a text; lists and maps are not repeated, since that is how a bomb grows."""
        if anchor not in self.anchors:
            raise _NotPlain("it has aliases of lists or maps")
        self.add(self.anchors[anchor])

    def add(self, value: Value) -> None:
        """Put a value where it belongs."""
        if not self.stack:
            self.result = value
            return
        top = self.stack[-1]
        if isinstance(top.value, list):
            top.value.append(value)
        elif top.key is None:
            top.key = value if isinstance(value, str) else ""
        else:
            if top.key in top.value:
                self.warnings.append(f"the key {quoted(top.key)} is there twice; the last one counts")
            top.value[top.key] = value
            top.key = None


def read_mapping(text: str) -> tuple[dict[str, Value], list[str]]:
    """Read front matter; gives the map and what was overlooked. Never raises on any text."""
    if not text.strip():
        return {}, ["the front matter is empty"]
    warnings: list[str] = []
    reason = "it is no map"
    try:
        value = _from_yaml(text, warnings)
        if isinstance(value, dict):
            return value, list(dict.fromkeys(warnings))
    except _NotPlain as error:
        reason = str(error)
    return _from_lines(text.split("\n"), nested=True), [f"the front matter is read line by line, because {reason}"]


def _from_yaml(text: str, warnings: list[str]) -> Value | None:
    import yaml

    builder = _Builder(warnings)
    try:
        for count, event in enumerate(yaml.parse(text, Loader=yaml.SafeLoader)):
            if count > MAX_EVENTS:
                raise _NotPlain(f"it has more than {MAX_EVENTS} parts")
            _take(event, builder)
    except yaml.YAMLError as error:
        raise _NotPlain(f"it is not YAML ({_problem(error)})") from error
    except (ValueError, OverflowError, IndexError, RecursionError) as error:
        # The parser lets these through for escapes beyond Unicode and numbers beyond bounds.
        raise _NotPlain("it is not YAML") from error
    return builder.result


def _take(event: Any, builder: _Builder) -> None:
    from yaml import events

    if isinstance(event, events.ScalarEvent):
        if event.anchor:
            builder.anchors[event.anchor] = event.value
        builder.add(event.value)
    elif isinstance(event, events.AliasEvent):
        builder.alias(event.anchor or "")
    elif isinstance(event, events.MappingStartEvent):
        builder.begin({}, bool(event.flow_style))
    elif isinstance(event, events.SequenceStartEvent):
        builder.begin([], bool(event.flow_style))
    elif isinstance(event, events.CollectionEndEvent):
        builder.end()


def _problem(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f", line {mark.line + 2}" if mark is not None else ""
    return one_line(str(getattr(error, "problem", None) or "it cannot be read"), 80) + where


def _from_lines(lines: list[str], nested: bool) -> dict[str, Value]:
    """Read `key: value` lines; what is indented below a key belongs to it."""
    found: dict[str, Value] = {}
    number = 0
    while number < len(lines):
        match = _LINE.match(lines[number])
        number += 1
        if match is None:
            continue
        below: list[str] = []
        while number < len(lines) and (not lines[number].strip() or lines[number][0] in " \t-"):
            below.append(lines[number])
            number += 1
        found[match["key"].strip()] = _line_value((match["rest"] or "").strip(), _dedented(below), nested)
    return found


def _line_value(rest: str, below: list[str], nested: bool) -> Value:
    if _BLOCK.match(rest):
        return "\n".join(below).rstrip("\n") if rest[0] == "|" else " ".join(" ".join(below).split())
    if not rest and nested and any(_LINE.match(line) for line in below):
        return dict(_from_lines(below, nested=False))
    if not rest and below and all(line.startswith("-") for line in below if line.strip()):
        return [_unquoted(line[1:].strip()) for line in below if line.strip()]
    return _unquoted(" ".join(" ".join([rest, *below]).split()))


def _dedented(lines: list[str]) -> list[str]:
    expanded = [line.expandtabs(2) for line in lines]
    margin = min((len(line) - len(line.lstrip()) for line in expanded if line.strip()), default=0)
    return [line[margin:].rstrip() for line in expanded]


def _unquoted(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    return text.strip("\"'") if text.count('"') == 1 or (text[:1] == "'" and text.count("'") == 1) else text
