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
        new = set(names_in(pid)) - known
        if not new:
            return
        known |= new
        _send(pid, new, signal.SIGSTOP)


def go_on(pid: int) -> None:
    """Let them go on."""
    _send(pid, set(names_in(pid)), signal.SIGCONT)


def interrupt(pid: int) -> None:
    """Send SIGINT to all but the first process, as a Ctrl-C at a terminal does."""
    _send(pid, set(names_in(pid)), signal.SIGINT)


def names_in(pid: int) -> Iterator[str]:
    """Give the numbers that the processes of the sandbox have in it, but for the first one."""
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
