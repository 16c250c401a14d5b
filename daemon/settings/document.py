"""The YAML reader: the only file of the settings that loads the YAML library (import it where it is used).

It reads only what configuration needs: keys, texts, lists. Anchors, aliases and tags are refused, so that no
file can build objects, or grow while it is read ("billion laughs"). Values stay the text that was written, so
that `no`, `0755` and `12:30` mean what a person reads, not what YAML 1.1 makes of them.
"""

from collections.abc import Iterator

import yaml
from yaml import events as kinds

from daemon.settings.mistakes import Mistakes, quoted
from daemon.settings.nodes import Entries, Items, Node, Text

_DEEPEST = 10


class _UnusableError(Exception):
    """Reading cannot go on behind this line."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line
        self.what = what


def parse(text: str, name: str, mistakes: Mistakes) -> Entries:
    """Give the keys of the YAML document `text`; an empty one has none.

    Mistakes are added as "`name`, line N: …"; where the text is not YAML at all there is one, and no key.
    """
    try:
        return _Composer(yaml.parse(text, Loader=yaml.SafeLoader), name, mistakes).document()
    except _UnusableError as error:
        mistakes.add(f"{name}, line {error.line}", error.what)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        mistakes.add(f"{name}, line {line}", _explained(error.problem or "", error.context or "", text, line))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        character = quoted(text[error.position])
        mistakes.add(f"{name}, line {line}", f"the character {character} cannot stand in YAML.")
    except (ValueError, OverflowError):
        # The YAML library lets these out: an escape like "\UFFFFFFFF", a version of ten thousand digits.
        mistakes.add(name, "an escape or a number that no program can read.")
    return Entries(1)


class _Composer:
    """Turns the parser's events into nodes; the depth is bounded, so recursion is too."""

    def __init__(self, events: Iterator[yaml.Event], name: str, mistakes: Mistakes) -> None:
        self._events = events
        self._name = name
        self._mistakes = mistakes

    def document(self) -> Entries:
        """Give the root of the only document."""
        root: Node | None = None
        for event in self._events:
            if isinstance(event, kinds.DocumentStartEvent):
                if root is not None:
                    raise _UnusableError(_line(event), "a second document begins here; there may be only one.")
                root = self._node(next(self._events), 0)
        if root is None or (isinstance(root, Text) and root.missing):
            return Entries(1)
        if not isinstance(root, Entries):
            raise _UnusableError(root.line, "keys with values are expected here, such as `log:`.")
        return root

    def _node(self, event: yaml.Event, depth: int) -> Node:
        _check(event, depth)
        if isinstance(event, kinds.ScalarEvent):
            return _text(event)
        if isinstance(event, kinds.SequenceStartEvent):
            return Items(_line(event), tuple(self._items(depth)))
        return Entries(_line(event), tuple(self._entries(depth)))

    def _items(self, depth: int) -> Iterator[Node]:
        while not isinstance(event := next(self._events), kinds.SequenceEndEvent):
            yield self._node(event, depth + 1)

    def _entries(self, depth: int) -> Iterator[tuple[Text, Node]]:
        lines: dict[str, int] = {}
        while not isinstance(event := next(self._events), kinds.MappingEndEvent):
            key = self._node(event, depth + 1)
            if not isinstance(key, Text):
                raise _UnusableError(key.line, "a key must be a word, not a list or more keys.")
            value = self._node(next(self._events), depth + 1)
            if key.text in lines:
                twice = f"key {quoted(key.text)} stands twice, first in line {lines[key.text]}."
                self._mistakes.add(f"{self._name}, line {key.line}", twice)
                continue
            lines[key.text] = key.line
            yield key, value


def _check(event: yaml.Event, depth: int) -> None:
    line = _line(event)
    if depth > _DEEPEST:
        raise _UnusableError(line, f"more than {_DEEPEST} levels within each other.")
    if isinstance(event, kinds.AliasEvent) or getattr(event, "anchor", None) is not None:
        raise _UnusableError(line, "anchors and aliases are not used here. Put a value with * or & in quotes.")
    tag = getattr(event, "tag", None)
    if tag is not None:
        raise _UnusableError(line, f"the tag {quoted(tag)} is not used here. Put a value with ! in quotes.")


def _text(event: kinds.ScalarEvent) -> Text:
    line = _line(event)
    odd = next((c for c in event.value if (c < " " and c not in "\n\t") or "\ud800" <= c <= "\udfff"), None)
    if odd is not None:
        raise _UnusableError(line, f"the character {quoted(odd)} cannot stand in a value.")
    return Text(line, event.value, missing=not event.style and event.value == "")


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark else 1


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
