"""What of a text is formatted as a quotation, and the addresses behind words that are links.

Offsets count units of UTF-16 (Bot API, MessageEntity).
"""

from collections.abc import Sequence

from telegram import MessageEntity

_QUOTATIONS = (MessageEntity.BLOCKQUOTE, MessageEntity.EXPANDABLE_BLOCKQUOTE)


def split(text: str, entities: Sequence[MessageEntity]) -> tuple[str, list[str]]:
    """Take what is quoted out of a text: gives what is left, and each quotation, all with the addresses of links."""
    units = text.encode("utf-16-le")
    links = sorted((_end(one), one.url) for one in entities if one.type == MessageEntity.TEXT_LINK and one.url)
    own, quoted, at = "", list[str](), 0
    for start, end in _ranges(entities):
        own += _written(units, at, start, links)
        quoted.append(_written(units, start, end, links))
        at = end
    return (own + _written(units, at, len(units) // 2, links)).strip(), quoted


def _end(entity: MessageEntity) -> int:
    return entity.offset + entity.length


def _ranges(entities: Sequence[MessageEntity]) -> list[tuple[int, int]]:
    """Give where quotations begin and end, in their order; what overlaps is one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted((one.offset, _end(one)) for one in entities if one.type in _QUOTATIONS):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _written(units: bytes, start: int, end: int, links: Sequence[tuple[int, str]]) -> str:
    """Give a piece of a text, and behind each link that ends in it its address."""
    written = b""
    for at, url in links:
        if start < at <= end:
            written += units[2 * start : 2 * at] + f" ({url})".encode("utf-16-le")
            start = at
    return (written + units[2 * start : 2 * end]).decode("utf-16-le", "replace")
