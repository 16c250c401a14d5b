"""`move_file`: a file or folder under another name; nothing is replaced."""

import os
import shutil
import stat
from collections.abc import Mapping
from typing import Any

from agents.tools.function import tool
from agents.tools.reach import Place, explained, kind_of, reach_to_change, writing
from agents.tools.replacing import rename_new, replacing
from daemon.domain.call import Happened, Outcome
from daemon.domain.errors import ToolError
from daemon.domain.ports import Circumstances


def _happened(arguments: Mapping[str, Any], at: Circumstances) -> Happened:
    there = [_is_there(reach_to_change(at, arguments[name])) for name in ("path", "to")]
    known = {(False, True): Happened.DONE, (True, False): Happened.NOT_DONE}
    return known.get((there[0], there[1]), Happened.CANNOT_TELL)


@tool(writing("path", "to"), check=_happened)
def move_file(path: str, to: str, at: Circumstances) -> Outcome:
    """Move or rename a file or folder; nothing is replaced.

    Args:
        to: The whole new path
    """
    source, target = reach_to_change(at, path), reach_to_change(at, to)
    with source.above() as folder:
        found = os.stat(source.name, dir_fd=folder, follow_symlinks=False).st_mode
    if not stat.S_ISREG(found) and not stat.S_ISDIR(found):
        raise ToolError(f"{source.shown} is a {kind_of(found)}, which is not moved.")
    if source.root == target.root:
        with source.above() as old, target.above(make=True) as new:
            rename_new(old, source.name, new, target.name, target.shown)
    elif stat.S_ISREG(found):
        _carry(source, target)
    else:
        raise ToolError("Only files are moved between the workspace and another folder; move them one by one.")
    return Outcome(f"{source.shown} is now {target.shown}.", labels=source.labels | target.labels)


def _carry(source: Place, target: Place) -> None:
    """Copy, and only then delete: the two may lie on different file systems."""
    with source.open() as file, replacing(target, only_new=True) as copy:
        shutil.copyfileobj(file, copy)
        os.fchmod(copy.fileno(), stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o777)
    with explained(source), source.above() as folder:
        os.unlink(source.name, dir_fd=folder)


def _is_there(place: Place) -> bool:
    try:
        with place.above() as folder:
            os.stat(place.name, dir_fd=folder, follow_symlinks=False)
    except ToolError:
        return False
    return True
