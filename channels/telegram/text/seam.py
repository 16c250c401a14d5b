"""Where a text is best cut."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from channels.telegram.text.graphemes import boundary_before, is_boundary

_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)|[。！？]+[」』”’）]*")


def seam(text: str, begin: int, room: int, blocks: Sequence[tuple[int, int]]) -> int:
    """Give the end of a piece that begins at an index and may end at `room` or before.

    Blocks of code are cut only where the piece would be too small without them.
    """
    if room >= len(text):
        return len(text)
    third, half = begin + max((room - begin) // 3, 1), begin + max((room - begin) // 2, 1)
    for end_of, least in (("\n\n", third), ("\n", third)):
        if place := _outside(text, end_of, least, room, blocks):
            return place
    for end_of in ("\n\n", "\n"):
        if (place := text.rfind(end_of, half, room + len(end_of))) > 0:
            return place
    if place := _sentence_end(text, half, room):
        return place
    if (place := text.rfind(" ", begin + 1, room + 1)) > 0:
        return place
    return boundary_before(text, room, begin)


def _sentence_end(text: str, least: int, room: int) -> int:
    """Give the last end of a sentence; 0 where there is none."""
    ends = (found.end() for found in _SENTENCE_END.finditer(text, least, room + 1))
    return max((end for end in ends if end <= room and is_boundary(text, end)), default=0)


def _outside(text: str, end_of: str, least: int, room: int, blocks: Sequence[tuple[int, int]]) -> int:
    """Give the last end of a paragraph or a line that is in no block; 0 where there is none."""
    most = room + len(end_of)
    while (place := text.rfind(end_of, least, most)) > 0:
        number = bisect_right(blocks, (place, -1)) - 1
        if number < 0 or blocks[number][1] <= place:
            return place
        most = blocks[number][0]
    return 0
