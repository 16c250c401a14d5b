"""Starts bwrap with nothing of ours: no environment, no descriptors but those it needs."""

import fcntl
import json
import os
import socket
import subprocess
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from agents.sandbox.refusal import explain, missing
from agents.sandbox.seccomp import filter_program
from daemon.domain.errors import BadInput

_INPUT = "/run/input"
BEGIN = f'echo >&0; read -r _ && exec "$@" <{_INPUT}'
BEGIN_SESSION = 'echo >&0; read -r _ && exec "$@"'
_SEALS = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE


@dataclass(frozen=True, slots=True)
class Plan:
    """What to start: options of bwrap, further options, a command, its input.

    Without an input the gate is the command's input, and stays open.
    """

    options: Sequence[str]
    further: Sequence[str]
    argv: Sequence[str]
    stdin: bytes | None = b""


@dataclass(frozen=True, slots=True)
class Launched:
    """A started bwrap, and our ends of what leads to it.

    `status` tells of its child, in JSON. `gate` is a socket: a byte lets the first process of the sandbox go on from
    its setting up to a shell, which answers with a line and waits for a line until it becomes the command. If we die
    meanwhile the shell ends, since it reads the end of the stream.
    """

    bwrap: "subprocess.Popen[bytes]"
    status: int
    gate: int
    stdout: int
    stderr: int

    def close(self) -> None:
        """Close our ends."""
        for descriptor in (self.status, self.gate, self.stdout, self.stderr):
            os.close(descriptor)


def launch(program: str, plan: Plan) -> Launched:
    """Start bwrap by its path; raises SandboxUnavailable or BadInput.

    Options go through a descriptor, so that `ps` shows neither paths nor environment. Call it in the thread that lives
    as long as the sandbox may: bwrap dies with the thread that started it.
    """
    with ExitStack() as ours, ExitStack() as theirs:
        stdout, stderr = _pipe(ours, theirs), _pipe(ours, theirs)
        status = _status(ours, theirs)
        gate = _gate(ours, theirs)
        passed = [status[1], gate[1]]
        words = ["--json-status-fd", str(status[1]), "--block-fd", str(gate[1]), *plan.options]
        if plan.stdin is not None:
            passed.append(_memory(plan.stdin, theirs))
            words += ["--file", str(passed[-1]), _INPUT]
        passed.append(_memory(filter_program(), theirs))
        words += ["--seccomp", str(passed[-1]), *plan.further]
        passed.append(_memory(b"".join(os.fsencode(word) + b"\0" for word in words), theirs))
        begin = BEGIN_SESSION if plan.stdin is None else BEGIN
        line = [program, "--args", str(passed[-1]), "--", "/bin/sh", "-c", begin, "sh", *plan.argv]
        bwrap = _start(line, (gate[2], stdout[1], stderr[1]), passed)
        ours.pop_all()
    return Launched(bwrap, status[0], gate[0], stdout[0], stderr[0])


def child_in(said: bytes) -> int | None:
    """Give the process id of the sandbox's first process, as the machine sees it, from the status so far."""
    line, newline, _ = said.partition(b"\n")
    return int(json.loads(line)["child-pid"]) if newline else None


def exit_in(said: bytes) -> int | None:
    """Give the exit status of the command from the whole status; None when it never began or was not seen to end."""
    for line in said.splitlines()[1:]:
        code = json.loads(line).get("exit-code")
        if code is not None:
            return int(code)
    return None


def let_in(launched: Launched, answer: bytes = b"") -> None:
    """Let the first process go on from its setting up; with an `answer` the shell need not ask."""
    with suppress(ConnectionError):  # it ended, and its status says why
        os.write(launched.gate, b"x" + answer)


def let_go(launched: Launched, pid: int) -> bool:
    """Let the shell become the command, once the first process, `pid`, would die with us; False when it is too early.

    It asks to die with bwrap (PR_SET_PDEATHSIG) just before it takes on the filter, which /proc shows.
    """
    if b"\nSeccomp:\t2\n" not in Path(f"/proc/{pid}/status").read_bytes():
        return False
    os.write(launched.gate, b"\n")
    return True


def _pipe(ours: ExitStack, theirs: ExitStack) -> tuple[int, int]:
    reader, writer = os.pipe()
    ours.callback(os.close, reader)
    theirs.callback(os.close, writer)
    return reader, writer


def _status(ours: ExitStack, theirs: ExitStack) -> tuple[int, int]:
    """Give a pipe whose writer is a reader too.

    If we die, bwrap must not end at its first word to us (SIGPIPE), since its child would wait for it for ever.
    """
    reader, writer = os.pipe()
    ours.callback(os.close, reader)
    try:
        both = os.open(f"/proc/self/fd/{writer}", os.O_RDWR | os.O_CLOEXEC)
    finally:
        os.close(writer)
    theirs.callback(os.close, both)
    return reader, both


def _gate(ours: ExitStack, theirs: ExitStack) -> tuple[int, int, int]:
    """Give our end, and the other one twice: bwrap closes its own when it was let through."""
    near, far = (end.detach() for end in socket.socketpair())
    ours.callback(os.close, near)
    theirs.callback(os.close, far)
    second = os.dup(far)
    theirs.callback(os.close, second)
    return near, far, second


def _memory(content: bytes, until: ExitStack) -> int:
    """Give a descriptor from which `content` is read, and which nobody can write to."""
    descriptor = os.memfd_create("sandbox", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    until.callback(os.close, descriptor)
    with open(descriptor, "wb", closefd=False) as file:
        file.write(content)
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, _SEALS)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _start(line: Sequence[str], streams: tuple[int, int, int], passed: Sequence[int]) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(
            line,
            stdin=streams[0],
            stdout=streams[1],
            stderr=streams[2],
            env={},
            cwd="/",
            pass_fds=passed,
            start_new_session=True,  # a Ctrl-C on our terminal is for us
        )
    except FileNotFoundError as error:
        raise missing(line[0]) from error
    except OSError as error:
        if len(line) > 1 and sum(map(len, line)) > 65536:
            raise BadInput(
                f"The command line is too long: {error.strerror}.",
                "Put long texts into a file or the standard input.",
            ) from error
        raise explain(f"{line[0]} could not be started: {error.strerror}") from error
