"""Ends what is left of a sandbox when its agent was killed in the very moment of starting it.

Bwrap is killed with the agent. If that happens between its making of a child and its telling the child to go on, the
child waits for ever: it has run nothing and never will, but it is there. The next agent takes it away.
"""

import os
import signal
from pathlib import Path


def end_leftovers(mark: bytes) -> None:
    """Kill each first process of a sandbox that has lost its bwrap; `mark` is an argument of all of ours."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if _is_left(process, mark):
                _end(process, mark)
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue  # it ended meanwhile, or is not ours


def _is_left(process: Path, mark: bytes) -> bool:
    if not _has(process, mark):
        return False
    fields = dict(line.split(b":\t", 1) for line in (process / "status").read_bytes().splitlines() if b":\t" in line)
    is_first = fields[b"NSpid"].split()[-1] == b"1" and len(fields[b"NSpid"].split()) > 1
    return is_first and not _has(process.with_name(fields[b"PPid"].decode().strip()), mark)


def _has(process: Path, mark: bytes) -> bool:
    """Say whether the mark is an argument; a process that is gone has none (proc_pid_cmdline(5))."""
    try:
        return mark in (process / "cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return False


def _end(process: Path, mark: bytes) -> None:
    held = os.pidfd_open(int(process.name))
    try:
        if _is_left(process, mark):  # still the same one, now that its number cannot pass to another
            signal.pidfd_send_signal(held, signal.SIGKILL)
    finally:
        os.close(held)
