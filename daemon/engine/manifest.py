"""What a folder holds, as facts in a fixed form: the same folder has the same text, and so the same name.

A manifest speaks of one folder; the folders in it by the names of their own manifests. So a change far below writes
only the manifests above it anew, and folders that are the same have the same name wherever they lie.
"""

import json
from collections.abc import Sequence
from enum import StrEnum
from stat import S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFREG, S_IFSOCK
from typing import Any, NamedTuple


class Kind(StrEnum):
    """What an entry is. Pipes, sockets and devices are named and not kept."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    PIPE = "pipe"
    SOCKET = "socket"
    DEVICE = "device"

    @property
    def kept(self) -> bool:
        """Whether it can be brought back."""
        return self in (Kind.FILE, Kind.FOLDER, Kind.LINK)


class Entry(NamedTuple):
    """One name in a folder.

    `mode` are the permission bits, `size` bytes of a file, `mtime_ns` when a file or link was changed (0 for others).
    `content` names the bytes of a file or the manifest of a folder, or is where a link leads. Names that are no UTF-8
    are written with surrogates (PEP 383).
    """

    name: str
    kind: Kind
    mode: int
    size: int = 0
    mtime_ns: int = 0
    content: str = ""


_KINDS = {
    S_IFREG: Kind.FILE,
    S_IFDIR: Kind.FOLDER,
    S_IFLNK: Kind.LINK,
    S_IFIFO: Kind.PIPE,
    S_IFSOCK: Kind.SOCKET,
    S_IFCHR: Kind.DEVICE,
    S_IFBLK: Kind.DEVICE,
}


def kind_of(mode: int) -> Kind:
    """Say what an entry with this `st_mode` is."""
    return _KINDS[S_IFMT(mode)]


def text_of(entries: Sequence[Entry]) -> bytes:
    """Write a manifest: one entry a line, in the order given (by name)."""
    return b"[" + b",\n".join(json.dumps(entry, separators=(",", ":")).encode() for entry in entries) + b"]\n"


def entries_of(text: bytes) -> tuple[Entry, ...]:
    """Read a manifest."""
    return entries_from(json.loads(text))


def entries_from(rows: list[list[Any]]) -> tuple[Entry, ...]:
    """Read entries from JSON values."""
    return tuple(Entry(name, Kind(kind), *rest) for name, kind, *rest in rows)
