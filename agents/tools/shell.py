"""`shell`: a command in the sandbox, in the workspace."""

from dataclasses import replace

from agents.tools.function import tool
from agents.tools.reach import OF_THE_OWNER
from daemon.domain.call import Outcome
from daemon.domain.effect import NO_LABELS, Effect, Labels
from daemon.domain.long_text import shortened
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
    ending = _ending(completed, limits.seconds)
    done = Outcome(_said(completed), labels=_labels(at), failed=ending != "exit status 0")
    shown = shortened(done, at.workspace, f"shell-{at.key.rpartition('/')[2]}", at.fitting(_ROOM))
    return replace(shown, text=f"{ending}\n{shown.text}".strip())


def _said(completed: Completed) -> str:
    out, err = (stream.decode("utf-8", "replace").rstrip() for stream in (completed.stdout, completed.stderr))
    return f"{out}\n[standard error]\n{err}".strip() if err else out


def _ending(completed: Completed, seconds: float) -> str:
    if completed.ending is Ending.TIMEOUT:
        return f"stopped after {seconds:g} seconds"
    if completed.ending is Ending.EXITED:
        return f"exit status {completed.status}"
    return f"{completed.ending}, status {completed.status}"


def _labels(at: Circumstances) -> Labels:
    """What a command may have read: everything that the run was given."""
    return OF_THE_OWNER if at.task.files or at.box.folders else NO_LABELS
