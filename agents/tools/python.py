"""`python`: code in an interpreter that keeps its names for the whole run, in the sandbox."""

import json
import os
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import agents.interpreter
from agents.tools.function import tool
from agents.tools.reach import OF_THE_OWNER
from daemon.domain.call import Outcome
from daemon.domain.effect import NO_LABELS, Effect
from daemon.domain.errors import ToolError
from daemon.domain.ports import Circumstances, Session
from daemon.domain.sandbox import Answer, Command, Ending

_LIBRARY = "/opt/agent"
_PROGRAM = Path(agents.interpreter.__file__).parent
_NAME = "python"
_ROOM = 6_000
_MOST_ANSWER = 200_000
_RESTARTED = "restarted: variables are lost, files are kept"


@tool(Effect.COMPUTE, aliases=("pyexe",))
async def python(code: str, at: Circumstances, seconds: int = 120) -> Outcome:
    """Run Python in the workspace, without network; variables stay, the last value is shown."""
    session, fresh = await at.held.have(_NAME, lambda: _opened(at))
    name = f"python-{at.key.rpartition('/')[2]}"
    request = json.dumps({"code": code, "name": name, "room": at.fitting(_ROOM)}).encode("ascii")
    most = max(1.0, min(float(seconds), at.box.limits.seconds))
    try:
        answer = await session.exchange(request, most)
    except BaseException:
        await at.held.drop(_NAME)  # nobody knows what it is doing
        raise
    if answer.ending is not None:
        await at.held.drop(_NAME)
    said = [_RESTARTED] if fresh and at.before else []
    try:
        text, failed = _said(answer, most, name)
    except ToolError:
        await at.held.drop(_NAME)
        raise
    labels = OF_THE_OWNER if at.task.files or at.box.folders else NO_LABELS
    return Outcome("\n".join([*said, text]).strip(), labels=labels, failed=failed, fresh=fresh)


def _opened(at: Circumstances) -> AbstractAsyncContextManager[Session]:
    # The owner's folders are only read here: what is written to them goes by the tools whose calls show it.
    folders = tuple(replace(folder, writable=False) for folder in at.box.folders)
    box = replace(at.box, folders=folders, mounts={**at.box.mounts, f"{_LIBRARY}/interpreter": _PROGRAM})
    env = {
        "AGENT_NOW": repr(float(at.now)),
        "AGENT_SEED": str(at.seed),
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": _LIBRARY,
        "PYTHONDONTWRITEBYTECODE": "1",
        "MPLBACKEND": "Agg",
        "TZ": os.environ.get("TZ", "UTC"),
    }
    return at.sandbox.open(Command(("python3", "-m", "interpreter"), env=env), box)


def _said(answer: Answer, seconds: float, name: str) -> tuple[str, bool]:
    """Give what the interpreter says, and whether the code failed; it may say anything, since the code may."""
    if answer.ending is not None:
        return _ended(answer, seconds), True
    told = _read(answer.line, name)
    parts = [str(told.get("text", ""))[:_MOST_ANSWER]]
    error = str(told.get("error", ""))[:_MOST_ANSWER]
    if answer.interrupted:
        parts.append(f"stopped after {seconds:g} seconds; variables are kept")
    if error:
        parts.append(error)
    text = "\n".join(part for part in parts if part)
    return text or "done, nothing to show", bool(error) or answer.interrupted


def _read(line: bytes, name: str) -> Mapping[str, Any]:
    try:
        told = json.loads(line[: 4 * _MOST_ANSWER])
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or told.get("name") != name:
        raise ToolError(
            "The interpreter's answer makes no sense: code wrote to where only answers belong. Its variables are lost, "
            "files are kept; the next call begins a new one."
        )
    return told


def _ended(answer: Answer, seconds: float) -> str:
    last = answer.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
    why = {
        Ending.TIMEOUT: f"did not stop within {seconds:g} seconds",
        Ending.OUTPUT: "wrote too much",
        Ending.EXITED: "ended itself",
        Ending.SIGNALLED: "was killed, perhaps by its memory limit",
        Ending.STOPPED: f"was stopped: {' '.join(last)[:300]}",
    }
    ending = why.get(answer.ending, "ended") if answer.ending is not None else "ended"
    return f"The interpreter {ending}. Its variables are lost, files are kept; the next call begins a new one."
