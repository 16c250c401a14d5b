"""A text in pieces that each fit a message."""

from bisect import bisect_right
from collections.abc import Sequence

from channels.telegram.text.accepted import Span, accepted, limited
from channels.telegram.text.characters import BLANKS
from channels.telegram.text.formatted import Formatted
from channels.telegram.text.places import Places
from channels.telegram.text.seam import seam


def pieces(whole: Formatted, most: int = 4096) -> list[Formatted]:
    """Cut a text into pieces of at most so many UTF-16 units, none of which is blank; entities go on in the next."""
    text, places = whole.text, Places(whole.text)
    spans = [
        Span(one.type, places.index(one.offset), places.index(one.offset + one.length), one.url, one.language)
        for one in whole.entities
    ]
    blocks = [(span.start, span.end) for span in spans if span.type == "pre"]
    found: list[Formatted] = []
    at, coming, open_spans = 0, 0, list[Span]()
    while at < len(text):
        at = _begin(text, at, blocks)
        end = seam(text, at, max(places.index(places.unit(at) + most), at + 1), blocks)
        while coming < len(spans) and spans[coming].start < end:
            open_spans.append(spans[coming])
            coming += 1
        open_spans = [span for span in open_spans if span.end > at]
        piece = limited(accepted(text[at:end], _within(open_spans, at, end)))
        if piece.text:
            found.append(piece)
        at = end
    return found


def _begin(text: str, at: int, blocks: Sequence[tuple[int, int]]) -> int:
    """Give where the next piece begins: after blanks, but in code with those before its first line."""
    seen = at
    while seen < len(text) and text[seen] in BLANKS:
        seen += 1
    number = bisect_right(blocks, (seen, -1)) - 1
    line = text.rfind("\n", at, seen) + 1
    return line if line and number >= 0 and blocks[number][0] < line <= seen < blocks[number][1] else seen


def _within(spans: Sequence[Span], start: int, end: int) -> list[Span]:
    """Give what of the spans is in a piece, as places of the piece."""
    return [
        Span(span.type, max(span.start - start, 0), min(span.end, end) - start, span.url, span.language)
        for span in spans
    ]
