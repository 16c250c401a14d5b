"""A YAML file as plain nodes with their lines. Nothing else in the house needs to know the YAML library.

Only what configuration needs: keys, texts, lists. Anchors, aliases and tags are refused, so that no file can build
objects or grow when it is read ("billion laughs"), and values stay the text that was written, so that `no`, `0755` and
`12:30` mean what a person reads and not what YAML 1.1 makes of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daemon.settings.mistakes import Mistakes, quoted

if TYPE_CHECKING:
    from yaml.events import Event, ScalarEvent

_DEEPEST = 10
_STANDARD = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True)
class Text:
    """A value as it was written, without its quotes. `missing` where a key has nothing behind it."""

    line: int
    text: str
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    line: int
    items: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Entries:
    """Keys with their values, in order; a key stands once."""

    line: int
    entries: tuple[tuple[Text, Node], ...] = ()


Node = Text | Items | Entries


class _Unusable(Exception):
    """Reading cannot go on behind this place."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line
        self.what = what


def parse(text: str, name: str, mistakes: Mistakes) -> Entries:
    """Give the keys of the YAML document `text`; an empty one has none.

    Mistakes are added as "`name`, line N: …"; where the text is not YAML at all there is one, and no key.
    """
    import yaml  # noqa: PLC0415

    try:
        return _Composer(yaml.parse(text, Loader=yaml.SafeLoader), name, mistakes).document()
    except _Unusable as error:
        mistakes.add(f"{name}, line {error.line}", error.what)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        mistakes.add(f"{name}, line {line}", _explained(error.problem or "", error.context or "", text, line))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        mistakes.add(
            f"{name}, line {line}", f"the character {quoted(text[error.position])} cannot stand in YAML."
        )
    except (ValueError, OverflowError):
        # The YAML library lets these out: an escape like "\UFFFFFFFF", a version of ten thousand digits.
        mistakes.add(name, "an escape or a number that no program can read.")
    return Entries(1)


class _Composer:
    """Turns the parser's events into nodes."""

    def __init__(self, events: Iterator[Event], name: str, mistakes: Mistakes) -> None:
        self._events = events
        self._name = name
        self._mistakes = mistakes

    def document(self) -> Entries:
        """Give the root of the one document."""
        import yaml.events as kinds  # noqa: PLC0415

        root: Node = Entries(1)
        documents = 0
        for event in self._events:
            if isinstance(event, kinds.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _Unusable(
                        _line(event), "a second document begins here ('---'); there may be only one."
                    )
                root = self._node(next(self._events), 0)
        if isinstance(root, Text) and root.missing:
            return Entries(root.line)
        if not isinstance(root, Entries):
            raise _Unusable(root.line, "the file must consist of keys and values, like `log:`.")
        return root

    def _node(self, event: Event, depth: int) -> Node:
        import yaml.events as kinds  # noqa: PLC0415

        self._check(event, depth)
        if isinstance(event, kinds.ScalarEvent):
            return _text(event)
        if isinstance(event, kinds.SequenceStartEvent):
            return Items(_line(event), tuple(self._items(depth)))
        return Entries(_line(event), tuple(self._entries(depth)))

    def _items(self, depth: int) -> Iterator[Node]:
        import yaml.events as kinds  # noqa: PLC0415

        while not isinstance(event := next(self._events), kinds.SequenceEndEvent):
            yield self._node(event, depth + 1)

    def _entries(self, depth: int) -> Iterator[tuple[Text, Node]]:
        import yaml.events as kinds  # noqa: PLC0415

        lines: dict[str, int] = {}
        while not isinstance(event := next(self._events), kinds.MappingEndEvent):
            key = self._node(event, depth + 1)
            if not isinstance(key, Text):
                raise _Unusable(key.line, "a key must be a word, not a list or more keys.")
            value = self._node(next(self._events), depth + 1)
            if key.text in lines:
                first = lines[key.text]
                self._mistakes.add(
                    f"{self._name}, line {key.line}",
                    f"key {quoted(key.text)} stands twice, first in line {first}.",
                )
                continue
            lines[key.text] = key.line
            yield key, value

    def _check(self, event: Event, depth: int) -> None:
        import yaml.events as kinds  # noqa: PLC0415

        line = _line(event)
        if depth > _DEEPEST:
            raise _Unusable(line, f"more than {_DEEPEST} levels within each other.")
        if isinstance(event, kinds.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _Unusable(
                line, "anchors and aliases (& and *) are not used here. Put a value with * in quotes."
            )
        tag = getattr(event, "tag", None)
        if tag is not None and not tag.startswith(_STANDARD):
            raise _Unusable(line, f"the tag {quoted(tag)} is not used here. Put a value with ! in quotes.")


def _text(event: ScalarEvent) -> Text:
    line = _line(event)
    odd = next((c for c in event.value if (c < " " and c not in "\n\t") or "\ud800" <= c <= "\udfff"), None)
    if odd is not None:
        raise _Unusable(line, f"the character {quoted(odd)} cannot stand in a value.")
    return Text(line, event.value, missing=event.style is None and event.value == "")


def _line(event: Event) -> int:
    return int(event.start_mark.line) + 1


def _explained(problem: str, context: str, text: str, line: int) -> str:
    """Say what the YAML library found, in words for somebody who does not know YAML."""
    lines = text.splitlines()
    written = lines[line - 1] if line <= len(lines) else ""
    if "\t" in written[: len(written) - len(written.lstrip())]:
        return "a tab at the beginning of the line. Use spaces."
    if "alias" in context or "anchor" in context:
        return "a value that begins with * or & must stand in quotes."
    if "mapping values are not allowed" in problem:
        return "a colon where none is expected. Check the indentation, or put the value in quotes."
    if "cannot start any token" in problem:
        return f"{problem}. Put the value in quotes."
    return f"this is not YAML: {', '.join(part for part in (context, problem) if part)}."
