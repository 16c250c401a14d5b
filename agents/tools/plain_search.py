"""Searching files for plain text in this process, where ripgrep is not installed: slower, no patterns, linear."""

import os
import posixpath
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field

from agents.tools.encoding import guess
from agents.tools.glob import fits
from agents.tools.reach import WORK, Place
from daemon.domain.beneath import open_file, opened_folder

NOTE = "(ripgrep is not installed: searched for plain text, in files of at most 16 MB)"

_LARGEST = 16 * 1024 * 1024
_MOST_FILES = 20_000
_LONGEST_LINE = 300
_SAMPLE = 65_536


@dataclass(slots=True)
class Found:
    """The lines with their files, and what is to be said of the search."""

    hits: list[tuple[str, str]] = field(default_factory=list)
    note: str = NOTE


def search_plainly(place: Place, text: str, glob: str, most: int, *, hidden: bool) -> Found:
    """Give the lines that hold `text`, at most `most` and one more."""
    found = Found()
    for count, path in enumerate(_files(place, hidden=hidden)):
        if count == _MOST_FILES or len(found.hits) > most:
            found.note = f"{NOTE} There may be more."
            break
        if not glob or fits(glob, path):
            shown = posixpath.join(WORK, path) if place.own else posixpath.join(str(place.root), path)
            found.hits += [(shown, line) for line in _lines(place, path, text, most + 1 - len(found.hits))]
    return found


def _files(place: Place, *, hidden: bool) -> Iterator[str]:
    """Give the regular files below a place, in order; the place itself where it is one."""
    waiting = [place.path]
    while waiting:
        folder = waiting.pop()
        try:
            parts = tuple(part for part in folder.split("/") if part)
            with opened_folder(place.root, parts) as here, os.scandir(here) as entries:
                names = sorted((entry.name, entry.stat(follow_symlinks=False).st_mode) for entry in entries)
        except NotADirectoryError:
            if folder == place.path:
                yield folder
            continue
        except OSError:
            continue  # It went, or is not ours to read: what ripgrep would pass over too.
        for name, mode in reversed(names):
            path = posixpath.join(folder, name)
            if place.is_hidden(path) or (name.startswith(".") and not hidden):
                continue
            if stat.S_ISDIR(mode):
                waiting.append(path)
        for name, mode in names:
            path = posixpath.join(folder, name)
            shown = hidden or not name.startswith(".")
            if stat.S_ISREG(mode) and shown and not place.is_hidden(path):
                yield path


def _lines(place: Place, path: str, text: str, most: int) -> Iterator[str]:
    try:
        with os.fdopen(open_file(place.root, path), "rb") as file:
            content = file.read(_LARGEST)
    except OSError:
        return
    encoding = guess(content[:_SAMPLE], whole=len(content) <= _SAMPLE)
    if encoding is None or most <= 0:
        return
    for number, line in enumerate(content.decode(encoding.codec, "replace").split("\n"), 1):
        at = line.find(text)
        if at >= 0:
            most -= 1
            first = max(0, at - _LONGEST_LINE // 2)
            yield f"{number}: {line[first : first + _LONGEST_LINE].strip()}"
            if most == 0:
                return
