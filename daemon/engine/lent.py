"""Opening what is ours although its mode forbids it, without following a link.

A run may take the permissions away from what it made; the agent, where it is not root, is bound by them like anybody.
They are lent for as long as something is open, and are afterwards as they were.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from daemon.domain.beneath import FOLDER, READ

_HANDLE = os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC


@contextmanager
def folder_in(name: str, above: int | None, *, to_change: bool = False) -> Iterator[int]:
    """Open a folder in an open folder, `to_change` also so that names in it can be changed; raises OSError."""
    handle = os.open(name, _HANDLE, dir_fd=above)
    try:
        about = os.fstat(handle)
        lent = stat.S_ISDIR(about.st_mode) and _lend(handle, about, 0o700 if to_change else 0o500)
        found = os.open(name, FOLDER, dir_fd=above)
        try:
            yield found
        finally:
            os.close(found)
            if lent:
                _through(handle).chmod(stat.S_IMODE(about.st_mode))
    finally:
        os.close(handle)


def open_file(name: str, above: int) -> int:
    """Open a file in an open folder for reading; gives a descriptor of the caller's own. Raises OSError."""
    try:
        return os.open(name, READ, dir_fd=above)
    except PermissionError:
        handle = os.open(name, _HANDLE, dir_fd=above)
    try:
        about = os.fstat(handle)
        # What also has another name may belong to somebody who is not to notice anything.
        lent = stat.S_ISREG(about.st_mode) and about.st_nlink == 1 and _lend(handle, about, 0o400)
        try:
            return os.open(name, READ, dir_fd=above)
        finally:
            if lent:
                _through(handle).chmod(stat.S_IMODE(about.st_mode))
    finally:
        os.close(handle)


def _lend(handle: int, about: os.stat_result, bits: int) -> bool:
    """Add permission bits for the owner where they are missing and matter; says whether that was done."""
    own = os.geteuid()
    if own == 0 or about.st_uid != own or about.st_mode & bits == bits:
        return False
    _through(handle).chmod(stat.S_IMODE(about.st_mode) | bits)
    return True


def change_mode(name: str, above: int | None, mode: int) -> None:
    """Give a folder in an open folder these permission bits; raises OSError."""
    handle = os.open(name, _HANDLE | os.O_DIRECTORY, dir_fd=above)
    try:
        if stat.S_IMODE(os.fstat(handle).st_mode) != mode:
            _through(handle).chmod(mode)
    finally:
        os.close(handle)


def names_in(folder: int) -> list[str]:
    """Name what lies in an open folder."""
    return os.listdir(folder)


def _through(handle: int) -> Path:
    return Path(f"/proc/self/fd/{handle}")
