"""`write_file`: a text file, whole or not at all."""

from collections.abc import Mapping
from typing import Any

from agents.tools.function import tool
from agents.tools.reach import reach_to_change, writing
from agents.tools.replacing import replacing
from daemon.domain.call import Happened, Outcome
from daemon.domain.errors import ToolError
from daemon.domain.ports import Circumstances


def _happened(arguments: Mapping[str, Any], at: Circumstances) -> Happened:
    wanted = arguments["content"].encode()
    try:
        with reach_to_change(at, arguments["path"]).open() as file:
            there = file.read(len(wanted) + 1)
    except ToolError as problem:
        return Happened.NOT_DONE if isinstance(problem.__cause__, FileNotFoundError) else Happened.CANNOT_TELL
    # Another content may be from before, or from somebody who wrote after us.
    return Happened.DONE if there == wanted else Happened.CANNOT_TELL


@tool(writing("path"), aliases=("file_write",), content=("content",), check=_happened)
def write_file(path: str, content: str, at: Circumstances) -> Outcome:
    """Write or replace a text file."""
    place = reach_to_change(at, path)
    try:
        data = content.encode()
    except UnicodeEncodeError as problem:
        raise ToolError(f"The content has half a character at position {problem.start}.") from problem
    with replacing(place) as file:
        file.write(data)
    lines = content.count("\n") + (not content.endswith("\n") and bool(content))
    return Outcome(f"{place.shown}: {lines:,} lines, {len(data):,} bytes written.", labels=place.labels)
