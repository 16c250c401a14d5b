"""A sandbox in which nothing runs for a while: between two exchanges of a session."""

import asyncio
import os
from collections.abc import Callable

from agents.sandbox.halt import go_on, halt, names_in

_LOOKS = 50
_SOON = 0.0003  # seconds; the kernel tells nobody
_GONE = "X"
_STILL = {"T", "t", "Z", _GONE}  # stopped, traced, dead
_TOLD = ("State:", "voluntary_ctxt_switches:", "nonvoluntary_ctxt_switches:")


async def stand_still(pid: int, has_ended: Callable[[], bool]) -> None:
    """Stop every process of the sandbox whose first process is `pid`, until all stand still or it has ended.

    May take for ever where they let each other go; who calls sets a time.
    """
    while True:
        halt(pid)
        for _ in range(_LOOKS):
            if has_ended() or stands_still(pid):
                return
            await asyncio.sleep(_SOON)
        # A parent waits in vfork(2), beyond any signal, for a child that was stopped before it became a program.
        go_on(pid)
        await asyncio.sleep(_SOON)


def stands_still(pid: int) -> bool:
    """Say whether no thread of the sandbox's processes runs, nor will before somebody outside lets it.

    One look does not tell: who is seen standing may be let go by one that is looked at later, and stands by then. But
    where none has run between two looks, none ran at the moment between them, and so nobody is left to let one go.
    """
    first = _standing(pid)
    return first is not None and first == _standing(pid)


def _standing(pid: int) -> set[tuple[str, str, tuple[str, ...]]] | None:
    """Give every thread with how often it was on a processor (proc(5)); None where one does not stand still."""
    found = set()
    for name in names_in(pid):
        tasks = f"/proc/{pid}/root/proc/{name}/task"
        for thread in _listed(tasks):
            state, *switches = _about(f"{tasks}/{thread}/status")
            if state not in _STILL:
                return None
            found.add((name, thread, tuple(switches)))
    return found


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 - looked at often
    except (FileNotFoundError, ProcessLookupError):
        return []


def _about(path: str) -> list[str]:
    """Give the state of a thread, and how often it has left its processor willingly and unwillingly."""
    try:
        with open(path, encoding="ascii", errors="replace") as file:  # noqa: PTH123 - looked at often
            return [line.split()[1] for line in file if line.startswith(_TOLD)]
    except (FileNotFoundError, ProcessLookupError):
        return [_GONE]
