"""Where one character, as a person sees it, ends and the next begins (UAX #29, as far as texts need it)."""

import unicodedata

_JOINER = "\u200d"
_FARTHEST = 64


def boundary_before(text: str, at: int, begin: int) -> int:
    """Give the last boundary at or before an index and after `begin`; the index itself where there is none near."""
    for place in range(at, max(begin, at - _FARTHEST), -1):
        if is_boundary(text, place):
            return place
    return at


def is_boundary(text: str, at: int) -> bool:
    """Say whether a text may be cut before the character of an index."""
    if not 0 < at < len(text):
        return True
    before, after = text[at - 1], text[at]
    if after in " \n" or (before.isascii() and after.isascii()):
        return True
    if _extends(after) or before == _JOINER:
        return False
    if _is_flag(before) and _is_flag(after):
        return _flags_before(text, at) % 2 == 0
    return not (_is_jamo(before) and _is_jamo(after)) and unicodedata.combining(before) != 9


def _extends(character: str) -> bool:
    """Say whether it belongs to the one before: marks, joiners, variations, skin tones, tags of flags."""
    if unicodedata.category(character) in ("Mn", "Me", "Mc"):
        return True
    if character in "\u200c\u200d":
        return True
    return "\U0001f3fb" <= character <= "\U0001f3ff" or "\U000e0020" <= character <= "\U000e007f"


def _is_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flags_before(text: str, at: int) -> int:
    count = 0
    while count < _FARTHEST and at - count > 0 and _is_flag(text[at - count - 1]):
        count += 1
    return count


def _is_jamo(character: str) -> bool:
    """Say whether it is a part of a Korean syllable, or one that may be gone on with."""
    return "\u1100" <= character <= "\u11ff" or (
        "\uac00" <= character <= "\ud7a3" and (ord(character) - 0xAC00) % 28 == 0
    )
