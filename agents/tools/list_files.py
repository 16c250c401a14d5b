"""`list_files`: what is in a folder."""

import os
import posixpath
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass

from agents.tools.function import tool
from agents.tools.glob import fits
from agents.tools.reach import OF_THE_OWNER, Place, kind_of, reach
from daemon.domain.beneath import opened_folder
from daemon.domain.call import Outcome
from daemon.domain.effect import Effect
from daemon.domain.errors import ToolError
from daemon.domain.ports import Circumstances

_MOST_SHOWN = 200
_MOST_LOOKED_AT = 50_000
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class _Entry:
    path: str
    about: os.stat_result


@tool(Effect.READ, aliases=("list_dir",))
def list_files(at: Circumstances, path: str = ".", pattern: str = "", depth: int = 1) -> Outcome:
    """List a folder: sizes and names.

    Args:
        pattern: Like *.csv or src/**/*.py
    """
    if not 1 <= depth <= _DEEPEST:
        raise ToolError(f"depth is from 1 to {_DEEPEST}.")
    place = reach(at, path)
    found = _Listing(place, _DEEPEST if "/" in pattern else depth)
    shown = sorted(
        (entry for entry in found if not pattern or fits(pattern, entry.path)), key=lambda entry: entry.path.split("/")
    )
    lines = [_line(entry, place.own) for entry in shown[:_MOST_SHOWN]]
    lines += _left_out(len(shown), found)
    labels = place.labels
    if any(_in_folder(place, entry.path).startswith("input/") for entry in shown[:_MOST_SHOWN]):
        labels = labels | OF_THE_OWNER
    return Outcome("\n".join([f"{place.shown}:", *(lines or ["nothing"])]), labels=labels)


class _Listing:
    """Everything down to a depth, level by level; what was not shown is counted."""

    def __init__(self, place: Place, depth: int) -> None:
        self._place = place
        self._depth = depth
        self.secret = 0
        self.cut = False
        self.unreadable: list[str] = []

    def __iter__(self) -> Iterator[_Entry]:
        looked_at = 0
        waiting = [("", 1)]
        while waiting:
            inner, depth = waiting.pop(0)
            for entry in self._entries(inner):
                looked_at += 1
                if looked_at > _MOST_LOOKED_AT:
                    self.cut = True
                    return
                yield entry
                if stat.S_ISDIR(entry.about.st_mode) and depth < self._depth:
                    waiting.append((entry.path, depth + 1))

    def _entries(self, inner: str) -> Iterator[_Entry]:
        folder = _in_folder(self._place, inner)
        if not inner:
            with self._place.folder() as here:
                yield from self._of(here, inner)
            return
        try:
            with opened_folder(self._place.root, tuple(folder.split("/"))) as here:
                yield from self._of(here, inner)
        except OSError:
            # It went or was changed for a link while we looked, or its mode forbids it.
            self.unreadable.append(inner)

    def _of(self, here: int, inner: str) -> Iterator[_Entry]:
        with os.scandir(here) as listing:
            entries = list(listing)
        for entry in entries:
            path = posixpath.join(inner, entry.name)
            if self._place.is_hidden(_in_folder(self._place, path)):
                self.secret += 1
                continue
            try:
                yield _Entry(path, entry.stat(follow_symlinks=False))
            except FileNotFoundError:
                continue


def _in_folder(place: Place, path: str) -> str:
    return posixpath.join(place.path, path) if path else place.path


def _line(entry: _Entry, own: bool) -> str:
    mode, name = entry.about.st_mode, entry.path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    notes = ["hidden"] if posixpath.basename(entry.path).startswith(".") else []
    if stat.S_ISDIR(mode):
        size, name = "", f"{name}/"
    elif stat.S_ISREG(mode):
        size = f"{entry.about.st_size:,}"
    else:
        size, notes = "", [*notes, f"a {kind_of(mode)}, not followed"]
    # When a file of the run's own was written is no news, and another when the run is replayed.
    moment = "" if own else time.strftime("  %Y-%m-%d %H:%M", time.localtime(entry.about.st_mtime))
    noted = f"  ({', '.join(notes)})" if notes else ""
    return f"{size:>12}{moment}  {name if name.isprintable() else ascii(name)}{noted}"


def _left_out(count: int, found: _Listing) -> list[str]:
    lines = []
    if count > _MOST_SHOWN:
        lines.append(f"… {count - _MOST_SHOWN:,} more; name a folder or a pattern.")
    if found.cut:
        lines.append(f"… only the first {_MOST_LOOKED_AT:,} were looked at.")
    if found.secret:
        lines.append(f"… {found.secret} with secrets are not shown.")
    if found.unreadable:
        lines.append(f"… {len(found.unreadable)} folders cannot be read.")
    return lines
