"""Sentences and lines of a log, broken where a person reads them and left whole in a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from channels.cli import moments
from channels.cli.text import block, flat
from channels.cli.width import wrapped

if TYPE_CHECKING:
    from channels.cli.screen import Screen


def prose(screen: Screen, text: str, indent: str, *, broken: bool) -> str:
    """Show text of several lines with an indent; `broken` at blanks so that it fits the terminal."""
    if not broken:
        return block(text, indent)
    return "\n".join(wrapped(line, screen.width, indent, indent) if line else "" for line in block(text).split("\n"))


def timed(screen: Screen, at: float, words: str, before: str = "") -> str:
    """Show a line of a log: in a pipe with its date, on a terminal with the time of day, broken to its width."""
    if not screen.terminal:
        return f"{before}{moments.plain(at)}  {flat(words)}"
    head = f"{before}{moments.clock(at)}  "
    return wrapped(flat(words), screen.width, head, " " * min(len(head), screen.width // 3))
