"""A text with its entities (https://core.telegram.org/bots/api#messageentity)."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entity:
    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Formatted:
    text: str
    entities: tuple[Entity, ...] = ()


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2


def plain(text: str) -> Formatted:
    return Formatted(text)


def code(text: str, language: str = "") -> Formatted:
    return Formatted(text, (Entity("pre", 0, units(text), None, language or None),))


def quote(text: Formatted) -> Formatted:
    return Formatted(text.text, (Entity("blockquote", 0, units(text.text)), *text.entities))


def joined(parts: Sequence[Formatted], between: str = "\n\n") -> Formatted:
    text, entities = "", []
    for part in parts:
        if text:
            text += between
        at = units(text)
        entities += [Entity(e.type, e.offset + at, e.length, e.url, e.language) for e in part.entities]
        text += part.text
    return Formatted(text, tuple(entities))
