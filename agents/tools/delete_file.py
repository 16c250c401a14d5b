"""`delete_file`: a file, an empty folder, or a whole one where that is said."""

import os
import shutil
import stat
from collections.abc import Mapping
from typing import Any

from agents.tools.function import tool
from agents.tools.reach import reach_to_change, writing
from daemon.domain.call import Happened, Outcome
from daemon.domain.errors import ToolError
from daemon.domain.ports import Circumstances


def _happened(arguments: Mapping[str, Any], at: Circumstances) -> Happened:
    place = reach_to_change(at, arguments["path"])
    try:
        with place.above() as folder:
            os.stat(place.name, dir_fd=folder, follow_symlinks=False)
    except ToolError as problem:
        return Happened.DONE if isinstance(problem.__cause__, FileNotFoundError) else Happened.CANNOT_TELL
    # Of a whole folder a part may be gone; going on with it is what was asked.
    return Happened.NOT_DONE


@tool(writing("path"), check=_happened)
def delete_file(path: str, at: Circumstances, recursive: bool = False) -> Outcome:
    """Delete a file or an empty folder.

    Args:
        recursive: With all in it
    """
    place = reach_to_change(at, path)
    with place.above() as folder:
        is_folder = stat.S_ISDIR(os.stat(place.name, dir_fd=folder, follow_symlinks=False).st_mode)
        if not is_folder:
            os.unlink(place.name, dir_fd=folder)
        elif recursive:
            shutil.rmtree(place.name, dir_fd=folder)
        else:
            _remove_empty(place.name, place.shown, folder)
    return Outcome(f"{place.shown}{'/' if is_folder else ''} is deleted.", labels=place.labels)


def _remove_empty(name: str, shown: str, folder: int) -> None:
    try:
        os.rmdir(name, dir_fd=folder)
    except OSError as problem:
        raise ToolError(f"{shown}/ is not empty; recursive=true deletes it with all that is in it.") from problem
