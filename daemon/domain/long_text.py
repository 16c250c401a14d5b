"""A text that is too long for a model's window: its beginning and end are shown, the whole is kept (T9)."""

import os
from dataclasses import replace
from pathlib import Path

from daemon.domain.beneath import open_file
from daemon.domain.call import Outcome


def clipped(text: str, most: int, where: str = "") -> str:
    """Give about `most` characters of a text, its beginning and its end; `where` says where the whole is."""
    if len(text) <= most:
        return text
    head, tail = text[: most * 2 // 3], text[-(most // 3) :]
    told = f"; {where}" if where else ""
    return f"{head}\n… {len(text) - len(head) - len(tail):,} characters are left out{told}.\n{tail}"


def shortened(outcome: Outcome, folder: Path, name: str, most: int | None) -> Outcome:
    """Give an outcome with at most about `most` characters of text (None: all); the whole then lies in `research/`.

    `name` is that of the file, without its ending. Where it cannot be written the text says so.
    """
    if most is None or len(outcome.text) <= most:
        return outcome
    return replace(outcome, text=clipped(outcome.text, most, _kept(folder, name, outcome.text)))


def _kept(folder: Path, name: str, text: str) -> str:
    path = f"research/{name}.txt"
    try:
        descriptor = open_file(folder, path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, make=True)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
    except OSError as problem:
        return f"the whole could not be kept in {path}: {problem.strerror}"
    return f"the whole is in {path} (read_file shows any part of it)"
