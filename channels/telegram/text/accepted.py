"""Text and entities as Telegram accepts them and leaves them alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from channels.telegram.text.characters import BLANKS, held, is_blank
from channels.telegram.text.formatted import QUOTES, Entity, Formatted
from channels.telegram.text.places import Places

MOST_ENTITIES = 100
"""Telegram forgets those beyond."""
_RANKS = {"pre": 0, "code": 1, "text_link": 2, **dict.fromkeys(QUOTES, 3)}


@dataclass(frozen=True, slots=True)
class Span:
    """An entity by the indexes of characters."""

    type: str
    start: int
    end: int
    url: str | None = None
    language: str | None = None


def accepted(text: str, spans: Sequence[Span]) -> Formatted:
    """Trim a text and its spans as Telegram would; of equal spans the first is the outer. Empty where nothing is seen.

    The spans are nested or apart already.
    """
    if is_blank(text):
        return Formatted("")
    text, spans = _trimmed(text, spans)
    places = Places(text)
    kept = [one for span in spans if (one := _entity(text, span, places))]
    return Formatted(text, tuple(sorted(kept, key=_order)))


def _trimmed(text: str, spans: Sequence[Span]) -> tuple[str, Sequence[Span]]:
    text = text.rstrip(BLANKS)
    begin = len(text) - len(text.lstrip(BLANKS))
    if begin and any(span.type == "pre" and span.start < begin < span.end for span in spans):
        whole = held(text)
        begin = len(text) - len(whole)
        text = whole
    else:
        text = text[begin:]
    if begin:
        spans = [
            Span(span.type, max(span.start - begin, 0), span.end - begin, span.url, span.language) for span in spans
        ]
    return text, spans


def _entity(text: str, span: Span, places: Places) -> Entity | None:
    """Give a span without blanks at its ends; None where nothing is left."""
    start, end = span.start, min(span.end, len(text))
    while start < end and text[end - 1] in BLANKS:
        end -= 1
    while start < end and text[start] in BLANKS:
        start += 1
    if start >= end:
        return None
    offset = places.unit(start)
    return Entity(span.type, offset, places.unit(end) - offset, span.url, span.language)


def _order(entity: Entity) -> tuple[int, int]:
    return entity.offset, -entity.length


def limited(whole: Formatted) -> Formatted:
    """Give a message with as many entities as Telegram keeps: those first without which something is lost."""
    if len(whole.entities) <= MOST_ENTITIES:
        return whole
    numbers = range(len(whole.entities))
    first = sorted(numbers, key=lambda number: _RANKS.get(whole.entities[number].type, len(_RANKS)))
    return Formatted(whole.text, tuple(whole.entities[number] for number in sorted(first[:MOST_ENTITIES])))
