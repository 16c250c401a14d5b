"""`make_folder`: a folder, with those above it."""

from collections.abc import Mapping
from typing import Any

from agents.tools.function import tool
from agents.tools.reach import explained, reach_to_change, writing
from daemon.domain.beneath import opened_folder, parts_of
from daemon.domain.call import Happened, Outcome
from daemon.domain.errors import ToolError
from daemon.domain.ports import Circumstances


def _happened(arguments: Mapping[str, Any], at: Circumstances) -> Happened:
    try:
        place = reach_to_change(at, arguments["path"])
        with place.folder():
            return Happened.DONE
    except ToolError:
        return Happened.NOT_DONE


@tool(writing("path"), check=_happened)
def make_folder(path: str, at: Circumstances) -> Outcome:
    """Make a folder."""
    place = reach_to_change(at, path)
    with explained(place), opened_folder(place.root, parts_of(place.path), make=True):
        return Outcome(f"{place.shown}/ is there.", labels=place.labels)
