"""What stands in a YAML file, with its lines: texts, lists, keys."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A value as it was written, without its quotes; `missing` where a key has nothing behind it."""

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
    """Keys with their values, in order; each key stands once."""

    line: int
    entries: tuple[tuple[Text, Node], ...] = ()


Node = Text | Items | Entries
