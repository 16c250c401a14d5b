"""`python`: code in an interpreter that keeps its names for the whole run, in the sandbox."""

import json
import os
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import agents.interpreter
from agents.tools.function import tool
from agents.tools.reach import OF_THE_OWNER
from daemon.domain.call import Outcome
from daemon.domain.effect import NO_LABELS, Effect
from daemon.domain.ports import Circumstances, Session
from daemon.domain.sandbox import Answer, Command, Ending

_LIBRARY = "/opt/agent"
_PROGRAM = Path(agents.interpreter.__file__).parent
_NAME = "python"
_ROOM = 6_000
_MOST = 20_000
"""Characters of an answer: longer than any that the program itself would give."""
_RESTARTED = "restarted: variables are lost, files are kept"
_LOST = "Its variables are lost, files are kept; the next call begins a new one."


@dataclass(frozen=True, slots=True)
class _Said:
    """What came of the code; `over` says that the interpreter is of no use any more."""

    text: str
    failed: bool
    over: bool = False


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
    said = _said(answer, most, name) if answer.ending is None else _Said(_ended(answer, most), failed=True, over=True)
    if said.over:
        await at.held.drop(_NAME)
    text = f"{_RESTARTED}\n{said.text}" if fresh and at.before else said.text
    labels = OF_THE_OWNER if at.task.files or at.box.folders else NO_LABELS
    return Outcome(text, labels=labels, failed=said.failed, fresh=fresh)


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
    return at.sandbox.open(Command(("python3", "-P", "-m", "interpreter"), env=env), box)


def _said(answer: Answer, seconds: float, name: str) -> _Said:
    told = _read(answer.line, name)
    if told is None:
        return _Said(f"The answer makes no sense: code wrote where only answers belong. {_LOST}", True, over=True)
    text, error = told
    stopped = f"stopped after {seconds:g} seconds; variables are kept" if answer.interrupted else ""
    whole = "\n".join(part for part in (text, stopped, error) if part)
    return _Said(whole or "done, nothing to show", failed=bool(stopped or error))


def _read(line: bytes, name: str) -> tuple[str, str] | None:
    """Give text and error of an answer, or None where it is none: the code may have written whatever it likes."""
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or told.get("name") != name:
        return None
    text, error = told.get("text"), told.get("error")
    if not isinstance(text, str) or not isinstance(error, str):
        return None
    return _sound(text), _sound(error)


def _sound(text: str) -> str:
    """Give a text as long as an interpreter of ours would write, without halves of characters."""
    return text[:_MOST].encode("utf-8", "replace").decode()


def _ended(answer: Answer, seconds: float) -> str:
    last = answer.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
    why = {
        Ending.TIMEOUT: f"did not stop within {seconds:g} seconds",
        Ending.OUTPUT: "wrote too much",
        Ending.EXITED: "ended itself",
        Ending.SIGNALLED: f"was killed{_crash(answer.stderr)}",
        Ending.STOPPED: f"was stopped: {' '.join(last)[:300]}",
    }
    ending = why[answer.ending] if answer.ending is not None else "ended"
    return f"The interpreter {ending}. {_LOST}"


def _crash(stderr: bytes) -> str:
    """Give the place in the code where it crashed, as faulthandler tells it."""
    lines = stderr.decode("utf-8", "replace").splitlines()
    what = next((line.partition(": ")[2] for line in lines if line.startswith("Fatal Python error: ")), "")
    where = next((line.strip() for line in lines if line.startswith('  File "<python-')), "")
    told = ", ".join(part for part in (what, where) if part)
    return f": {told}"[:300] if told else ", perhaps by its memory limit"
