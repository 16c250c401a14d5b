"""What a run may reach by a path: its workspace, and the folders that it was given.

Paths are taken as they are written: no link is followed, so `..` can be taken out of them beforehand. Everything is
opened from the root folder on, by `daemon.domain.beneath`.
"""

import errno
import os
import posixpath
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from daemon.domain.beneath import open_file, opened_folder
from daemon.domain.effect import NO_LABELS, Effect, Label, Labels
from daemon.domain.errors import ToolError
from daemon.domain.ports import Circumstances

WORK = "/work"
"""Where the sandbox shows the workspace; paths below it are understood here too."""

OF_THE_OWNER: Labels = frozenset({Label.PRIVATE, Label.UNTRUSTED})
"""The owner's files are private, and untrusted until the owner says that they are their own work."""

_LONGEST = 4000
_MOST_LOOKED_AT = 2000


@dataclass(frozen=True, slots=True)
class Place:
    """A path below the folder `root`, which it is itself where `path` is empty; `shown` is how it is spoken of.

    `own` is the workspace; `hidden` are the parts of secrets in a folder of the owner's, relative to it.
    """

    root: Path
    path: str
    shown: str
    own: bool
    writable: bool
    hidden: tuple[PurePosixPath, ...] = ()

    @property
    def labels(self) -> Labels:
        """Give what a run carries that has read this: what it made itself carries nothing new."""
        return NO_LABELS if self.own and PurePosixPath(self.path).parts[:1] != ("input",) else OF_THE_OWNER

    @property
    def name(self) -> str:
        """Give the last part of the path."""
        return posixpath.basename(self.path)

    def is_hidden(self, path: str) -> bool:
        """Say whether `path`, relative to the root, is never shown."""
        return any(PurePosixPath(path).is_relative_to(secret) for secret in self.hidden)

    @contextmanager
    def folder(self, *, make: bool = False) -> Iterator[int]:
        """Give a descriptor of this folder; raises ToolError."""
        with explained(self), opened_folder(self.root, PurePosixPath(self.path).parts, make=make) as here:
            yield here

    @contextmanager
    def above(self, *, make: bool = False) -> Iterator[int]:
        """Give a descriptor of the folder that this is in, which may be made on the way; raises ToolError."""
        parts = PurePosixPath(self.path).parts[:-1]
        with explained(self), opened_folder(self.root, parts, make=make) as here:
            yield here

    def open(self) -> BinaryIO:
        """Open a regular file for reading; raises ToolError."""
        with explained(self):
            return os.fdopen(open_file(self.root, self.path), "rb")


def reach(at: Circumstances, path: str) -> Place:
    """Give the place that `path` names; raises ToolError, which says what may be used."""
    written = _normal(path)
    if not outside(path):
        return Place(at.workspace, written, written or "the workspace", own=True, writable=True)
    folders = sorted(at.box.folders, key=lambda folder: len(folder.path), reverse=True)
    for folder in folders:
        root = PurePosixPath(posixpath.normpath(folder.path))
        if PurePosixPath(written).is_relative_to(root):
            inner = str(PurePosixPath(written).relative_to(root))
            hidden = [found for found in at.sandbox.hidden(at.box) if found.is_relative_to(root)]
            place = Place(
                Path(root),
                "" if inner == "." else inner,
                written,
                own=False,
                writable=folder.writable,
                hidden=tuple(PurePosixPath(found.relative_to(root)) for found in hidden),
            )
            if place.is_hidden(place.path):
                raise ToolError(f"{written} holds secrets and is never shown to a task.")
            return place
    raise ToolError(f"{_shown(path)} is out of reach. {_choices(at)}")


def reach_file(at: Circumstances, path: str) -> Place:
    """Give the place of a regular file that is there and can be read; raises ToolError."""
    place = reach(at, path)
    place.open().close()
    return place


def reach_to_change(at: Circumstances, path: str) -> Place:
    """Give the place that `path` names, to write, move or delete what is there; raises ToolError."""
    place = reach(at, path)
    if not place.writable:
        raise ToolError(f"{place.shown} may only be read. {_choices(at)}")
    if not place.path:
        raise ToolError(f"{place.shown} itself cannot be changed; name something in it.")
    if any(secret.is_relative_to(place.path) for secret in place.hidden):
        raise ToolError(f"In {place.shown} lie secrets that a task never sees, so it is left as it is.")
    return place


def outside(path: object) -> bool:
    """Say whether a path is not one of the run's own workspace."""
    return isinstance(path, str) and path.startswith("/") and not _in_work(_straight(path))


def writing(*names: str) -> Callable[[Mapping[str, Any]], Effect]:
    """Give the effect of a call that writes where these arguments say: outside of the workspace it is a change."""

    def effect(arguments: Mapping[str, Any]) -> Effect:
        return Effect.CHANGE if any(outside(arguments.get(name)) for name in names) else Effect.WRITE

    return effect


@contextmanager
def explained(place: Place) -> Iterator[None]:
    """Turn what the system says into a sentence for whoever called."""
    try:
        yield
    except OSError as problem:
        raise ToolError(_why(place, problem)) from problem


def _normal(path: str) -> str:
    """Give the path without `.`, `..` and the name of the workspace; empty for the workspace itself."""
    if "\0" in path or len(path) > _LONGEST or not _can_be_named(path):
        raise ToolError(f"{_shown(path)} is no path.")
    written = _straight(path)
    if _in_work(written):
        written = written[len(WORK) :].lstrip("/")
    if written == ".." or written.startswith("../"):
        raise ToolError(f"{_shown(path)} leaves the workspace. Paths are relative to it.")
    return "" if written == "." else written


def _straight(path: str) -> str:
    """Take `.`, `..` and doubled slashes out of a path; POSIX lets two at the beginning mean something else."""
    written = posixpath.normpath(path)
    return written[1:] if written.startswith("//") else written


def _in_work(written: str) -> bool:
    return written == WORK or written.startswith(f"{WORK}/")


def _can_be_named(path: str) -> bool:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _shown(path: str) -> str:
    return ascii(path if len(path) <= 200 else path[:199] + "…") if not path.isprintable() else path[:200]


def _choices(at: Circumstances) -> str:
    given = [f"{folder.path} ({'also to write' if folder.writable else 'to read'})" for folder in at.box.folders]
    return f"Use paths relative to the workspace{', or in ' + ', '.join(given) if given else ''}."


def _why(place: Place, problem: OSError) -> str:
    if problem.errno == errno.ENOENT:
        return f"There is no {place.shown}.{_near(place)}"
    if problem.errno in (errno.ELOOP, errno.ENOTDIR):
        return f"{place.shown}: something on the way is a file or a link; links are not followed."
    if problem.errno in (errno.EINVAL, errno.ENXIO):
        return f"{place.shown} is no regular file."
    if problem.errno == errno.EISDIR:
        return f"{place.shown} is a folder."
    return f"{place.shown}: {problem.strerror or problem}."


def _near(place: Place) -> str:
    """Name what has nearly this name in the same folder, of the run's own: the owner's names are not for an error."""
    if place.labels:
        return ""
    above = PurePosixPath(place.path).parts[:-1]
    try:
        with opened_folder(place.root, above) as here, os.scandir(here) as entries:
            names = [entry.name for _, entry in zip(range(_MOST_LOOKED_AT), entries, strict=False)]
    except OSError:
        return ""
    near = get_close_matches(place.name, filter(_can_be_named, names), 3, 0.6)
    return f" Near it: {', '.join(near)}." if near else ""


def kind_of(mode: int) -> str:
    """Name what is neither a regular file nor a folder."""
    kinds = {stat.S_IFLNK: "link", stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket"}
    return kinds.get(stat.S_IFMT(mode), "device")
