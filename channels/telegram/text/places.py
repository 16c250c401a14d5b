"""Where the characters of a text stand: their indexes, and the UTF-16 code units that Telegram counts by."""

from array import array
from bisect import bisect_right
from itertools import accumulate

_LAST_OF_ONE_UNIT = "\uffff"


class Places:
    """The places of one text."""

    def __init__(self, text: str) -> None:
        """Count once; a text without characters of two units has nothing to count."""
        self._length = len(text)
        self._units: array[int] | None = None
        if text and max(text) > _LAST_OF_ONE_UNIT:
            steps = (1 + (character > _LAST_OF_ONE_UNIT) for character in text)
            self._units = array("I", accumulate(steps, initial=0))

    def unit(self, index: int) -> int:
        """Give the unit at which the character of an index begins."""
        return index if self._units is None else self._units[index]

    def index(self, unit: int) -> int:
        """Give the index of the character that a unit belongs to."""
        if self._units is None:
            return min(unit, self._length)
        return bisect_right(self._units, unit) - 1
