"""Paths of results: plain in a pipe, and on a terminal as they are typed there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from channels.cli.text import line

if TYPE_CHECKING:
    from channels.cli.screen import Screen

_PLAIN = re.compile(r"[\w@%+=:,./~-]*")


def shown_path(screen: Screen, path: Path) -> str:
    """Show where a file lies.

    In a pipe that is the whole path as it is. On a terminal it is what a shell takes when it is pasted: ~ for the home
    folder, and quotes around a part that needs them.
    """
    return typed_path(path) if screen.terminal else line(str(path))


def typed_path(path: Path) -> str:
    """Give a path as it is typed in a shell."""
    try:
        below = path.relative_to(Path.home()).parts
    except (ValueError, RuntimeError):
        parts = path.parts[1:] if path.is_absolute() else path.parts
        return ("/" if path.is_absolute() else "") + "/".join(map(_word, parts))
    return "/".join(("~", *map(_word, below)))


def _word(part: str) -> str:
    if _PLAIN.fullmatch(part) and not part.startswith("~"):
        return part
    return "'" + line(part).replace("'", "'\"'\"'") + "'"
