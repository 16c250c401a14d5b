"""Which way a text runs: by its first letter that has a direction (Unicode Standard Annex #9, rules P2 and P3)."""

import unicodedata

_LOOKED_AT = 2_000


def runs_to_the_left(text: str) -> bool:
    """Say whether a paragraph runs from right to left."""
    if text.isascii():
        return False
    for letter in text[:_LOOKED_AT]:
        kind = unicodedata.bidirectional(letter)
        if kind in ("R", "AL"):
            return True
        if kind == "L":
            return False
    return False
