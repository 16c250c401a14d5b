"""`shell`: a command in the sandbox, in the workspace."""

import os
from dataclasses import replace

from agents.tools.function import tool
from agents.tools.reach import OF_THE_OWNER
from daemon.domain.beneath import open_file
from daemon.domain.call import Outcome
from daemon.domain.effect import NO_LABELS, Effect, Labels
from daemon.domain.ports import Circumstances
from daemon.domain.sandbox import Command, Completed, Ending

_ROOM = 6_000
"""Characters of output that are shown: the beginning and the end."""


@tool(Effect.COMPUTE, aliases=("bash_execution",))
async def shell(command: str, at: Circumstances, seconds: int = 120) -> Outcome:
    """Run bash in the workspace, without network."""
    limits = replace(at.box.limits, seconds=max(1.0, min(float(seconds), at.box.limits.seconds)))
    # The owner's folders are only read here: what is written to them goes by the tools whose calls show it.
    folders = tuple(replace(folder, writable=False) for folder in at.box.folders)
    box = replace(at.box, folders=folders, limits=limits)
    completed = await at.sandbox.run(Command(("bash", "-c", command)), box)
    text = _said(completed)
    room = at.fitting(_ROOM)
    if len(text) > room:
        text = _clipped(text, room, _kept(at, text))
    ending = _ending(completed, limits.seconds)
    return Outcome(f"{ending}\n{text}".strip(), labels=_labels(at), failed=ending != "exit status 0")


def _said(completed: Completed) -> str:
    out, err = (stream.decode("utf-8", "replace").rstrip() for stream in (completed.stdout, completed.stderr))
    return f"{out}\n[standard error]\n{err}".strip() if err else out


def _ending(completed: Completed, seconds: float) -> str:
    if completed.ending is Ending.TIMEOUT:
        return f"stopped after {seconds:g} seconds"
    if completed.ending is Ending.EXITED:
        return f"exit status {completed.status}"
    return f"{completed.ending}, status {completed.status}"


def _kept(at: Circumstances, text: str) -> str:
    """Write the whole output into the workspace; says where it is."""
    path = f"research/shell-{at.key.rpartition('/')[2]}.txt"
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    try:
        with os.fdopen(open_file(at.workspace, path, flags, make=True), "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as problem:
        return f"the whole could not be kept in {path}: {problem.strerror}"
    return f"the whole is in {path} (read_file shows it)"


def _clipped(text: str, room: int, kept: str) -> str:
    head, tail = text[: room * 2 // 3], text[-(room // 3) :]
    left_out = len(text) - len(head) - len(tail)
    return f"{head}\n… {left_out:,} characters are left out; {kept}.\n{tail}"


def _labels(at: Circumstances) -> Labels:
    """What a command may have read: everything that the run was given."""
    return OF_THE_OWNER if at.task.files or at.box.folders else NO_LABELS
