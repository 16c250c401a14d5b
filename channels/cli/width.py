"""How many columns a text takes on a terminal, and cutting it there."""

import unicodedata

ELLIPSIS = "…"


def columns_of(text: str) -> int:
    """Count the columns: two for wide characters (UAX #11), none for those that combine."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def cut(text: str, most: int) -> str:
    """Shorten a text to `most` columns, with an ellipsis where something is missing."""
    if columns_of(text) <= most:
        return text
    kept, room = [], most - 1
    for character in text:
        room -= _columns(character)
        if room < 0:
            break
        kept.append(character)
    return "".join(kept).rstrip() + ELLIPSIS if most > 0 else ""


def wrapped(text: str, width: int, first: str = "", rest: str = "") -> str:
    """Break a line at its blanks so that each part fits `width`; a longer word has a line of its own.

    The first line begins with `first`, the others with `rest`.
    """
    lines, room = [first], width - columns_of(first)
    for word in text.split(" "):
        begun = len(lines[-1]) > len(first if len(lines) == 1 else rest)
        needed = columns_of(word) + begun
        if begun and needed > room:
            lines.append(rest)
            begun, needed, room = False, columns_of(word), width - columns_of(rest)
        lines[-1] += f" {word}" if begun else word
        room -= needed
    return "\n".join(lines)


def padded(text: str, columns: int) -> str:
    """Fill a text up with blanks."""
    return text + " " * (columns - columns_of(text))


def _columns(character: str) -> int:
    if unicodedata.combining(character) or character in "\u200c\u200d\ufe0e\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
