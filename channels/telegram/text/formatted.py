"""A text with its entities (https://core.telegram.org/bots/api#messageentity)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from channels.telegram.text.characters import BLANKS, cleaned, held

QUOTES = frozenset({"blockquote", "expandable_blockquote"})
_LONG_QUOTE, _LONG_QUOTE_LINES = 600, 10


@dataclass(frozen=True, slots=True)
class Entity:
    """What a part of a text is; `offset` and `length` count UTF-16 code units."""

    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text and its entities, the outer before the inner."""

    text: str
    entities: tuple[Entity, ...] = ()


def units(text: str) -> int:
    """Count the UTF-16 code units of a text."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def plain(text: str) -> Formatted:
    """Give a text as it is."""
    return Formatted(cleaned(text).replace("\t", " ").strip(BLANKS))


def code(text: str, language: str = "") -> Formatted:
    """Give a text in a block of fixed pitch."""
    text = held(cleaned(text).expandtabs(4))
    return Formatted(text, (Entity("pre", 0, units(text), language=language or None),) if text else ())


def quote(text: Formatted) -> Formatted:
    """Give a text as a quotation; quotations within it are none of their own, since Telegram does not nest them."""
    if not text.text:
        return text
    inner = (one for one in text.entities if one.type not in QUOTES)
    return Formatted(text.text, (Entity(quote_type(text.text), 0, units(text.text)), *inner))


def quote_type(text: str) -> str:
    """Say which entity a quotation is: a long one is shown folded."""
    long = len(text) > _LONG_QUOTE or text.count("\n") >= _LONG_QUOTE_LINES
    return "expandable_blockquote" if long else "blockquote"


def joined(parts: Sequence[Formatted], between: str = "\n\n") -> Formatted:
    """Put texts one after the other, with `between` them; empty ones are left out."""
    texts: list[str] = []
    entities: list[Entity] = []
    at, step = 0, units(between)
    for part in parts:
        if not part.text:
            continue
        at += step if texts else 0
        texts.append(part.text)
        entities += [replace(one, offset=one.offset + at) for one in part.entities]
        at += units(part.text)
    return Formatted(between.join(texts), tuple(entities))
