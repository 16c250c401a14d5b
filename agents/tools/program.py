"""Our own programs that read what others made: parsers of foreign files never run in our process.

They run in the sandbox, where they see the workspace at `/data` and given folders, all of it only to read. What they
make lies in a folder of its own, from which the tool takes it. So a file that turns a parser against us reaches no
more than an answer.
"""

import json
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

import skills
from agents.tools.reach import OF_THE_OWNER, Place
from agents.tools.replacing import replacing
from daemon.domain.beneath import open_file
from daemon.domain.effect import NO_LABELS, Labels
from daemon.domain.errors import ToolError
from daemon.domain.ports import Circumstances
from daemon.domain.sandbox import Box, Command, Completed, Ending

DATA = "/data"
"""Where a program sees the workspace."""

_LIBRARY = "/opt/agent"
_REPORT = Path(skills.__file__).parent / "report"
_LONGEST = 16_000


@dataclass(frozen=True, slots=True)
class Ran:
    """What a program said, and the folder in which lies what it made."""

    said: str
    folder: Path

    def put(self, name: str, place: Place) -> int:
        """Copy a file that the program made to its place; gives its size in bytes; raises ToolError."""
        try:
            made = open_file(self.folder, name)
        except OSError as problem:
            raise ToolError(f"Nothing was made for {place.shown}.") from problem
        with os.fdopen(made, "rb") as file, replacing(place) as copy:
            shutil.copyfileobj(file, copy)
            return copy.tell()


@asynccontextmanager
async def ran(module: str, request: Mapping[str, Any], at: Circumstances) -> AsyncIterator[Ran]:
    """Run the module `skills.report.MODULE` on a request; raises ToolError with its own words, SandboxUnavailable."""
    with tempfile.TemporaryDirectory(prefix="agent-", ignore_cleanup_errors=True) as made:
        done = await at.sandbox.run(_command(module, request, at), _box(Path(made), at))
        if done.ending is not Ending.EXITED or done.status != 0:
            raise ToolError(_why(done, at.box.limits.seconds))
        yield Ran(done.stdout.decode("utf-8", "replace").strip()[:_LONGEST], Path(made))


def seen(place: Place) -> str:
    """Give the path by which a program sees a place."""
    return str(PurePosixPath(DATA if place.own else place.root, place.path))


def labels_of(at: Circumstances, place: Place | None) -> Labels:
    """Give what a run carries for which a program read files by itself, as pictures that a text names."""
    given = at.task.files or at.task.folders or at.box.folders
    return OF_THE_OWNER if given else place.labels if place is not None else NO_LABELS


def _box(made: Path, at: Circumstances) -> Box:
    return Box(
        workspace=made,
        folders=tuple(replace(folder, writable=False) for folder in at.box.folders),
        mounts={DATA: at.workspace, f"{_LIBRARY}/skills/report": _REPORT},
        limits=at.box.limits,
    )


def _command(module: str, request: Mapping[str, Any], at: Circumstances) -> Command:
    env = {
        "AGENT_NOW": repr(float(at.now)),
        "AGENT_SEED": str(at.seed),
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": _LIBRARY,
        "TZ": os.environ.get("TZ", "UTC"),
    }
    request = {key: value for key, value in request.items() if value is not None}
    try:
        written = json.dumps(request, ensure_ascii=False).encode()
    except UnicodeEncodeError as problem:
        raise ToolError("A text has half a character in it.") from problem
    return Command(("python3", "-m", f"skills.report.{module}"), env=env, stdin=written)


def _why(done: Completed, seconds: float) -> str:
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    if done.ending is Ending.TIMEOUT:
        return f"It took longer than {seconds:g} seconds and was stopped. Ask for less at once."
    if done.ending is Ending.STOPPED:
        return f"It was stopped: {' '.join(lines[-1:])[:300]} Ask for less at once."
    if done.ending is not Ending.EXITED:
        return "It was stopped, perhaps by its memory limit. Ask for less at once."
    # Of a traceback only the last line is for people.
    traced = any(line.startswith("Traceback") for line in lines)
    return " ".join(lines[-1:] if traced else lines[-4:])[:2000] or f"It ended with status {done.status}."
