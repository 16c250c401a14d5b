"""Opening what lies below a folder, whatever somebody hostile has put there.

Every part of a path is opened from the one before without following a link (openat(2) with O_NOFOLLOW, as
RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS of openat2(2) would), so that no link, `..` or absolute path leads out, also not
one that is put there while we look.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
"""Flags for a folder."""

READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""Flags for reading a file; without O_NONBLOCK a pipe in its place would keep us waiting."""


def parts_of(path: str) -> tuple[str, ...]:
    """Split a relative path; raises OSError(EINVAL) for one that is absolute, empty, holds `..` or NUL."""
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or "\0" in path or not pure.parts:
        raise OSError(errno.EINVAL, "it does not lie below the folder")
    return pure.parts


@contextmanager
def opened_folder(root: Path, parts: tuple[str, ...], *, make: bool = False) -> Iterator[int]:
    """Give a descriptor of the folder `parts` below `root`, which may be made on the way; raises OSError."""
    here = os.open(root, FOLDER)
    try:
        for part in parts:
            if make:
                _make(part, here)
            below = os.open(part, FOLDER, dir_fd=here)
            os.close(here)
            here = below
        yield here
    finally:
        os.close(here)


def open_file(root: Path, path: str, flags: int = READ, mode: int = 0o644, *, make: bool = False) -> int:
    """Open a regular file below `root`; gives a descriptor of the caller's own.

    Raises OSError, with EINVAL for anything that is no regular file. `make` makes the folders above it.
    """
    *above, name = parts_of(path)
    with opened_folder(root, tuple(above), make=make) as folder:
        found = os.open(name, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, mode, dir_fd=folder)
    if not stat.S_ISREG(os.fstat(found).st_mode):
        os.close(found)
        raise OSError(errno.EINVAL, "it is no regular file")
    return found


def _make(name: str, folder: int) -> None:
    try:
        os.mkdir(name, 0o755, dir_fd=folder)
    except FileExistsError:
        return
