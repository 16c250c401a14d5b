"""Text from outside, made safe to print: nothing that a terminal obeys gets through.

Control characters, escape sequences and marks that change the direction of text are shown as escapes
(Unicode UAX #9; the general categories are those of UAX #44). Every text that was not written in this package goes
through one of these functions on its way to the screen.
"""

import re
import unicodedata

_OBEYED = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
_JOINERS = {"\u200c", "\u200d"}
"""Needed to write Persian, Hindi and composed emoji; they move nothing."""


def line(text: str) -> str:
    """Show a text exactly, in one line: a newline as \\n, an escape as \\x1b."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_shown, text))


def flat(text: str) -> str:
    """Show prose in one line: white space of any kind becomes one blank."""
    return line(re.sub(r"\s+", " ", text).strip())


def block(text: str, indent: str = "") -> str:
    """Show a text of several lines, keeping newlines and tabs; each line begins with `indent`."""
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    return "\n".join(f"{indent}{_tabbed(one)}" if one else "" for one in lines)


def piece(text: str) -> str:
    """Show a part of a text of several lines, as it comes: newlines and tabs stay, also at its end."""
    return "\n".join(map(_tabbed, text.replace("\r\n", "\n").split("\n")))


def _tabbed(text: str) -> str:
    return "\t".join(line(part) for part in text.split("\t"))


def _shown(character: str) -> str:
    if character in _JOINERS or unicodedata.category(character) not in _OBEYED:
        return character
    return character.encode("unicode_escape").decode("ascii")
