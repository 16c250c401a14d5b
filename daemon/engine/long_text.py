"""A text that is too long for a model's window is kept in the workspace; its beginning and end are shown (T9)."""

import os
from dataclasses import replace
from pathlib import Path

from daemon.domain.beneath import open_file
from daemon.domain.call import Outcome


def shortened(outcome: Outcome, folder: Path, name: str, most: int | None) -> Outcome:
    """Give an outcome with at most about `most` characters of text (None: all); the whole then lies in `research/`.

    `name` is that of the file, without its ending. Where it cannot be written the text says so.
    """
    if most is None or len(outcome.text) <= most:
        return outcome
    text = outcome.text
    head, tail = text[: most * 2 // 3], text[-(most // 3) :]
    left_out = len(text) - len(head) - len(tail)
    told = f"… {left_out:,} characters are left out; {_kept(folder, name, text)}."
    return replace(outcome, text=f"{head}\n{told}\n{tail}")


def _kept(folder: Path, name: str, text: str) -> str:
    path = f"research/{name}.txt"
    try:
        descriptor = open_file(folder, path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, make=True)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
    except OSError as problem:
        return f"the whole could not be kept in {path}: {problem.strerror}"
    return f"the whole is in {path} (read_file shows any part of it)"
