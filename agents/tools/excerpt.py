"""Lines of a text with their numbers, as many as a reader has room for: the beginning and the end."""

from collections import deque
from collections.abc import Iterator
from typing import TextIO

LONGEST_LINE = 1000
"""Characters of a line that are shown."""

_PIECE = 65_536


class Excerpt:
    """Takes the lines from `first` to `last` (1-based, None for the end) and keeps what fits in `room` characters."""

    def __init__(self, first: int, last: int | None, room: int) -> None:
        """Keep two thirds of the room for the beginning and the rest for the end."""
        self.first = first
        self._last = last
        self._room_before = room * 2 // 3
        self._room_after = room - self._room_before
        self._before: list[str] = []
        self._after: deque[tuple[int, str]] = deque()
        self._dropped: list[int] = []
        self.lines = 0

    def take(self, text: TextIO, most: int) -> bool:
        """Read to the end, or until more than `most` characters are read; says whether the end was reached."""
        read = 0
        for line, length in _lines(text):
            read += length
            self.lines += 1
            if self.first <= self.lines and (self._last is None or self.lines <= self._last):
                self._keep(self.lines, line)
            if read > most:
                return False
        return True

    def shown(self, how_to_see_more: str) -> str:
        """Give the lines; where some had no room, say which and how to see them ("{first}" in the hint)."""
        lines = list(self._before)
        if self._dropped:
            first, last = self._dropped
            lines.append(f"… lines {first} to {last} are left out; {how_to_see_more.format(first=first)}")
        return "\n".join([*lines, *(line for _, line in self._after)])

    def _keep(self, number: int, line: str) -> None:
        shown = f"{number}\t{line}"
        if not self._after and not self._dropped and len(shown) < self._room_before:
            self._room_before -= len(shown) + 1
            self._before.append(shown)
            return
        self._after.append((number, shown))
        self._room_after -= len(shown) + 1
        while self._room_after < 0 and len(self._after) > 1:
            dropped, gone = self._after.popleft()
            self._room_after += len(gone) + 1
            self._dropped = [self._dropped[0] if self._dropped else dropped, dropped]


def _lines(text: TextIO) -> Iterator[tuple[str, int]]:
    """Give each line, clipped, with its length; a line is never held as a whole."""
    while piece := text.readline(_PIECE):
        length, line = len(piece), piece[:LONGEST_LINE]
        while not piece.endswith("\n") and (piece := text.readline(_PIECE)):
            length += len(piece)
        line = line.rstrip("\n")
        if length > LONGEST_LINE + 1:
            line += f"… ({length - LONGEST_LINE:,} more characters)"
        yield line, length
