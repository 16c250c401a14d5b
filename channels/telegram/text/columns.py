"""How many columns of fixed pitch a text takes."""

import unicodedata

_NARROW = "\u200b\u200c\u200d\u2060\ufe0e\ufe0f\ufeff"


def columns_of(text: str) -> int:
    """Count the columns: two for wide characters (UAX #11), none for those that combine."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def aligned(text: str, columns: int, side: str) -> str:
    """Fill a text up with blanks, so that it stands `left`, `right` or in the `center`."""
    room = max(columns - columns_of(text), 0)
    before = {"right": room, "center": room // 2}.get(side, 0)
    return " " * before + text + " " * (room - before)


def _columns(character: str) -> int:
    if character in _NARROW or unicodedata.combining(character) or unicodedata.category(character) == "Mn":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
