"""Text from outside made safe to look at: nothing that a terminal or a chat obeys rather than shows."""

import unicodedata

_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}
_KEPT = {"\n", "\t", "\u200c", "\u200d"}
_SHOWN = {"\n", "\t"}


def visible(text: str) -> str:
    """Take out what a terminal or a chat would obey rather than show."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c for c in text if c in _KEPT or unicodedata.category(c) not in _INVISIBLE)


def exact(text: str) -> str:
    """Give a text as it is, with what a terminal or a chat would obey, or not show, written as \\u202e."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c in _SHOWN or unicodedata.category(c) not in _INVISIBLE else _escaped(c) for c in text)


def set_in(text: str) -> str:
    """Set in what follows the first line, so that no text can look like a line of ours."""
    return text.replace("\n", "\n    ")


def _escaped(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
