"""Signals to the processes of a sandbox, by the names that they have in it (pidfd_send_signal(2))."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress

_SWEEPS = 20


def halt(pid: int) -> None:
    """Stop every process of the sandbox whose first process is `pid`, until none is new."""
    known: set[str] = set()
    for _ in range(_SWEEPS):
        new = set(_names(pid)) - known
        if not new:
            return
        known |= new
        _send(pid, new, signal.SIGSTOP)


def is_still(pid: int) -> bool:
    """Say whether every thread of the sandbox's processes stands still (proc(5): T, t, or a dead one)."""
    for name in _names(pid):
        try:
            threads = os.listdir(f"/proc/{pid}/root/proc/{name}/task")  # noqa: PTH208 - looked at often
            states = {_state(f"/proc/{pid}/root/proc/{name}/task/{thread}/stat") for thread in threads}
        except (FileNotFoundError, ProcessLookupError):
            continue
        if not states <= {"T", "t", "Z", "X"}:
            return False
    return True


def go_on(pid: int) -> None:
    """Let them go on."""
    _send(pid, set(_names(pid)), signal.SIGCONT)


def interrupt(pid: int) -> None:
    """Send SIGINT to all but the first process, as a Ctrl-C at a terminal does."""
    _send(pid, set(_names(pid)), signal.SIGINT)


def _state(path: str) -> str:
    try:
        with open(path, encoding="ascii", errors="replace") as file:  # noqa: PTH123 - looked at often
            return file.read().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return "X"


def _names(pid: int) -> Iterator[str]:
    with suppress(FileNotFoundError, ProcessLookupError):
        for name in os.listdir(f"/proc/{pid}/root/proc"):  # noqa: PTH208 - looked at often
            if name.isdigit() and name != "1":
                yield name


def _send(pid: int, names: set[str], what: signal.Signals) -> None:
    for name in names:
        with suppress(FileNotFoundError, ProcessLookupError):
            held = os.open(f"/proc/{pid}/root/proc/{name}", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                signal.pidfd_send_signal(held, what)
            finally:
                os.close(held)
