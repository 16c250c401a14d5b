"""Runs commands in the sandbox as an ordinary user: one JSON request a line, one JSON answer a line.

Started as root with a user id; what is imported before the step down is what a user's own interpreter would have.
"""

import asyncio
import ctypes
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agents.sandbox.bubblewrap import Bubblewrap
from daemon.domain.sandbox import Box, BoxLimits, Command
from daemon.domain.task import Folder

_PR_SET_DUMPABLE = 4


def step_down(user: int) -> None:
    with tempfile.TemporaryDirectory() as folder:  # imports all that a run imports
        asyncio.run(Bubblewrap().run(Command(("true",)), Box(Path(folder))))
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)  # as after an exec by that user
    sys.prefix = sys.base_prefix = "/usr"  # an interpreter of root's home cannot be read by the user
    os.environ["HOME"] = "/nonexistent"


async def talk(sandbox: Bubblewrap, box: Box, argv: Sequence[str], lines: Sequence[str]) -> list[list[Any]]:
    """Exchange lines in a session; after each, look at the file `pulse`, and again when others have worked."""
    pulse, seen = box.workspace / "pulse", list[list[Any]]()
    async with sandbox.open(Command(tuple(argv)), box) as session:
        for line in lines:
            answer = await session.exchange(line.encode(), 60)
            before = pulse.read_text()
            for _ in range(5):
                await sandbox.run(Command(("true",)), Box(box.workspace))
            seen.append([answer.line.decode(), answer.ending, before, pulse.read_text()])
    return seen


async def answer(request: dict[str, Any]) -> dict[str, Any]:
    sandbox = Bubblewrap(secret=[Path(path) for path in request["secret"]], groups=request["groups"])
    box = Box(
        Path(request["workspace"]),
        folders=tuple(Folder(path, writable) for path, writable in request["folders"]),
        limits=BoxLimits(**request["limits"]),
    )
    if "lines" in request:
        return {"seen": await talk(sandbox, box, request["argv"], request["lines"])}
    completed = await sandbox.run(Command(tuple(request["argv"])), box)
    return {
        "status": completed.status,
        "stdout": completed.stdout.decode(errors="replace"),
        "stderr": completed.stderr.decode(errors="replace"),
        "ending": completed.ending,
        "seconds": completed.seconds,
    }


if __name__ == "__main__":
    step_down(int(sys.argv[1]))
    for line in sys.stdin:
        sys.stdout.write(json.dumps(asyncio.run(answer(json.loads(line)))) + "\n")
        sys.stdout.flush()
