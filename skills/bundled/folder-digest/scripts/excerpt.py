"""The first lines of text documents, as plain text."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from skills.report.visible import clipped, visible
from skills.report.walk import File

_READ = 4096
_LINES, _WIDTH = 12, 200
_TEXTS = frozenset((b"md", b"txt", b"rst", b"org", b"adoc", b"text", b"markdown", b"tex"))


@dataclass(frozen=True, slots=True)
class Opening:
    """The beginning of a file's text."""

    path: bytes
    text: str


def is_readme(name: bytes) -> bool:
    """Tell whether a file introduces its folder."""
    return name.lower().partition(b".")[0] in (b"readme", b"read_me", b"liesmich", b"index") and is_text(name)


def is_text(name: bytes) -> bool:
    """Tell by its name whether a file is a text document."""
    stem, dot, ending = name.lower().rpartition(b".")
    return ending in _TEXTS if dot else stem + ending == b"readme"


def opening(file: File, absolute: bytes) -> Opening | None:
    """Read the first lines of a file; None where it is no text or cannot be read."""
    try:
        with open(absolute, "rb", opener=_open) as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                return None
            start = stream.read(_READ)
    except OSError:
        return None
    text = _decoded(start)
    if text is None:
        return None
    lines = [clipped(visible(line.replace("\t", "    ").rstrip()), _WIDTH) for line in text.splitlines()]
    while lines and not lines[0]:
        del lines[0]
    shortened = lines[:_LINES]
    if len(lines) > _LINES or len(start) == _READ:
        shortened.append("…")
    words = "\n".join(shortened).strip("\n")
    return Opening(file.path, words) if words and words != "…" else None


def title_of(path: str) -> str:
    """Give the last part of a path, or "root"."""
    return Path(path).name or "root"


def _decoded(start: bytes) -> str | None:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return start.decode("utf-16", "replace")
    if b"\0" in start:
        return None
    # The end may be within a character.
    for cut in range(4):
        try:
            return start[: len(start) - cut].decode("utf-8-sig")
        except UnicodeDecodeError:
            continue
    return start.decode("cp1252", "replace")


def _open(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
