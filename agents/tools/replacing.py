"""Putting a file in its place whole, or leaving what was there: never half a file, also after a crash."""

import ctypes
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from agents.tools.reach import Place, kind_of
from daemon.domain.errors import ToolError

_RENAME_NOREPLACE = 1  # renameat2(2)
_PERMISSIONS = 0o777  # never set-user-id or set-group-id


@contextmanager
def replacing(place: Place, *, only_new: bool = False) -> Iterator[BinaryIO]:
    """Give a file to write; it takes the place when the block ends, and is gone when it raises.

    It has the mode and the owner of what was there. With `only_new` nothing that is there is replaced. Raises
    ToolError where there is a folder, a link or something else that is no regular file.
    """
    with place.above(make=True) as folder:
        before = None if only_new else _there(place, folder)
        name = f".{secrets.token_hex(8)}.partial"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            with os.fdopen(os.open(name, flags, 0o666, dir_fd=folder), "wb") as file:
                yield file
                file.flush()
                if before is not None:
                    _keep(before, file.fileno())
                os.fsync(file.fileno())
            if only_new:
                rename_new(folder, name, folder, place.name, place.shown)
            else:
                os.rename(name, place.name, src_dir_fd=folder, dst_dir_fd=folder)
            os.fsync(folder)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(name, dir_fd=folder)
            raise


def rename_new(source: int, name: str, target: int, new: str, shown: str) -> None:
    """Rename from one open folder to another, in one step that replaces nothing; raises ToolError and OSError."""
    library = ctypes.CDLL(None, use_errno=True)
    if library.renameat2(source, os.fsencode(name), target, os.fsencode(new), _RENAME_NOREPLACE) == 0:
        return
    number = ctypes.get_errno()
    if number == errno.EEXIST:
        raise ToolError(f"{shown} is there already; delete it first if it is to be replaced.")
    if number == errno.EINVAL:
        raise ToolError(f"{shown}: this file system cannot do it safely, or a folder would be moved into itself.")
    raise OSError(number, os.strerror(number))


def _there(place: Place, folder: int) -> os.stat_result | None:
    try:
        found = os.stat(place.name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(found.st_mode):
        raise ToolError(f"{place.shown} is a folder.")
    if not stat.S_ISREG(found.st_mode):
        raise ToolError(f"{place.shown} is a {kind_of(found.st_mode)}, which is neither followed nor replaced.")
    return found


def _keep(before: os.stat_result, descriptor: int) -> None:
    new = os.fstat(descriptor)
    if (before.st_uid, before.st_gid) != (new.st_uid, new.st_gid):
        with suppress(PermissionError):  # Only root gives files away; then it is ours.
            os.fchown(descriptor, before.st_uid, before.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(before.st_mode) & _PERMISSIONS)
