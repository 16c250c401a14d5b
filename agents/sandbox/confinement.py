"""One command in its sandbox, from the start of bwrap to the death of its last process."""

import asyncio
import os
import re
import resource
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

from agents.sandbox.launch import Launched, child_in, exit_in, let_go, let_in
from agents.sandbox.output import Kept
from agents.sandbox.refusal import explain
from agents.sandbox.usage import Usage, usage_of
from daemon.domain.sandbox import MIB, BoxLimits, Completed, Ending

OnOutput = Callable[[str, bytes], None]

_PIECE = 65536
_LOOK = 0.05  # seconds between two measurements
_SOON = 0.001
_SIGNALLED = 128
_LAST_SIGNAL = 64
_KILLED = _SIGNALLED + signal.SIGKILL
_REFUSED = re.compile(rb"sh: (?:line )?\d+: exec: (.*): [^:\n]+\n", re.DOTALL)
_NOT_STARTED = {
    126: b"%b: this program cannot be run in the sandbox: it is not executable.\n",
    127: b"%b: there is no such program in the sandbox, or what its first line names is missing.\n",
}
_NICE = 10  # so that we are awake to end what takes the whole processor
_FIRST_TO_GO = "1000"  # when the machine runs out of memory, the kernel ends the sandbox and not us


class Confinement:
    """Follows one launched bwrap with the callbacks of the running loop; use it once."""

    def __init__(self, launched: Launched, limits: BoxLimits, on_output: OnOutput | None) -> None:
        """Take over `launched`, which is closed at the end."""
        self._loop = asyncio.get_running_loop()
        self._launched = launched
        self._limits = limits
        self._most = Usage(limits.processes + 1, limits.memory)  # one process is bwrap's own
        self._on_output = on_output
        self._began = self._loop.time()
        self._bwrap = os.pidfd_open(launched.bwrap.pid)
        self._inner: int | None = None
        self._inner_pid = 0
        self._said = b""
        self._streams = {"stdout": launched.stdout, "stderr": launched.stderr}
        self._kept = {"stdout": Kept(limits.output), "stderr": Kept(limits.output)}
        self._verdict: asyncio.Future[Ending] = self._loop.create_future()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._why = ""

    async def follow(self) -> Completed:
        """Wait for the end, whatever it is; nothing of the sandbox is alive when this returns or raises."""
        try:
            self._listen()
            ending = await self._verdict
            seconds = self._loop.time() - self._began
        finally:
            await _to_its_end(self._end())
        return self._completed(ending, seconds)

    def _listen(self) -> None:
        self._timers["time"] = self._loop.call_later(self._limits.seconds, self._decide, Ending.TIMEOUT)
        self._loop.add_reader(self._launched.status, self._guarded, self._hear)
        self._loop.add_reader(self._launched.gate, self._guarded, self._answer)
        self._loop.add_reader(self._bwrap, self._decide, Ending.EXITED)
        for name, descriptor in self._streams.items():
            os.set_blocking(descriptor, False)
            self._loop.add_reader(descriptor, self._guarded, self._take, name, descriptor)

    def _decide(self, ending: Ending) -> None:
        if not self._verdict.done():
            self._verdict.set_result(ending)

    def _guarded(self, callback: Callable[..., object], *arguments: Any) -> None:
        """Let an error in a callback end the run, instead of being logged by the loop and forgotten."""
        try:
            callback(*arguments)
        except Exception as error:  # noqa: BLE001 - raised again by `follow`
            if not self._verdict.done():
                self._verdict.set_exception(error)

    def _hear(self) -> None:
        """Read the status; once the first process is known, limit it and let it go on."""
        piece = os.read(self._launched.status, _PIECE)
        self._said += piece
        if not piece:
            self._loop.remove_reader(self._launched.status)
        if self._inner is None and self._meet() and not self._verdict.done():
            self._limit()
            let_in(self._launched)

    def _answer(self) -> None:
        """Hear from the shell that the sandbox stands."""
        self._loop.remove_reader(self._launched.gate)
        with suppress(ConnectionError):  # it ended
            if os.read(self._launched.gate, _PIECE):
                self._let_go()

    def _let_go(self) -> None:
        try:
            gone = let_go(self._launched, self._inner_pid)
        except (FileNotFoundError, ProcessLookupError, ConnectionError):
            return  # it ended
        self._timers["look"] = (
            self._loop.call_later(_LOOK, self._guarded, self._look)
            if gone
            else self._loop.call_later(_SOON, self._guarded, self._let_go)
        )

    def _meet(self) -> bool:
        """Take hold of the sandbox's first process, whose death is the death of all in it (pid_namespaces(7))."""
        pid = child_in(self._said)
        if pid is None:
            return False
        with suppress(ProcessLookupError):
            held = os.pidfd_open(pid)
            if _parent_of(pid) == self._launched.bwrap.pid:
                self._inner, self._inner_pid = held, pid
            else:
                os.close(held)  # it ended before we looked, and somebody else has its number now
        return self._inner is not None

    def _limit(self) -> None:
        """Set the limits that every process inherits (getrlimit(2)).

        Set here and not by bwrap's parent, so that the number of processes counts within the sandbox's own user
        namespace. RLIMIT_AS would end programs that only reserve addresses, such as node.
        """
        limits = {
            resource.RLIMIT_CORE: 0,
            resource.RLIMIT_NPROC: self._most.tasks,
            resource.RLIMIT_NOFILE: self._limits.open_files,
            resource.RLIMIT_FSIZE: self._limits.file_size,
            resource.RLIMIT_DATA: self._limits.memory,
        }
        with suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, self._inner_pid, _NICE)
            for kind, value in limits.items():
                _, hard = resource.prlimit(self._inner_pid, kind)
                least = value if hard == resource.RLIM_INFINITY else min(value, hard)
                resource.prlimit(self._inner_pid, kind, (least, least))
        with suppress(OSError):
            Path(f"/proc/{self._inner_pid}/oom_score_adj").write_text(_FIRST_TO_GO, "ascii")

    def _look(self) -> None:
        """Measure all processes together, which no limit of the kernel does without control groups."""
        before = self._loop.time()
        try:
            usage = usage_of(self._inner_pid, self._most)
        except (FileNotFoundError, ProcessLookupError):
            return  # it is ending; any other error ends it, since nobody would watch it
        if usage.memory > self._most.memory:
            self._stop(f"it used {usage.memory // MIB} MiB of memory; {self._limits.memory // MIB} are allowed")
        elif usage.tasks > self._most.tasks:
            self._stop(f"it ran {usage.tasks} processes and threads; {self._limits.processes} are allowed")
        pause = max(_LOOK, 10 * (self._loop.time() - before))
        self._timers["look"] = self._loop.call_later(pause, self._guarded, self._look)

    def _stop(self, why: str) -> None:
        if not self._verdict.done():
            self._why = f"\n[stopped: {why}]\n"
            self._decide(Ending.STOPPED)

    def _take(self, name: str, descriptor: int) -> bool:
        """Read a piece of a stream; False at its end."""
        try:
            piece = os.read(descriptor, _PIECE)
        except BlockingIOError:
            return False
        if not piece:
            self._loop.remove_reader(descriptor)
            return False
        kept = self._kept[name]
        kept.add(piece)
        if kept.floods:
            self._decide(Ending.OUTPUT)
        if self._on_output is not None:
            self._on_output(name, piece)
        return True

    async def _end(self) -> None:
        """Kill what lives, wait until it is dead, read what is left, close everything."""
        for timer in self._timers.values():
            timer.cancel()
        launched = self._launched
        for descriptor in (launched.status, launched.gate, self._bwrap, *self._streams.values()):
            self._loop.remove_reader(descriptor)
        try:
            await self._kill()
            self._drain()
        finally:
            os.close(self._bwrap)
            if self._inner is not None:
                os.close(self._inner)
            self._launched.close()

    async def _kill(self) -> None:
        while self._inner is None and not self._said:
            # Not born yet, and not let go: it is known in a moment, or bwrap ends.
            await _readable(self._loop, self._launched.status)
            piece = os.read(self._launched.status, _PIECE)
            self._said += piece
            if not piece or self._meet():
                break
        ends = [descriptor for descriptor in (self._inner, self._bwrap) if descriptor is not None]
        for descriptor in ends:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(descriptor, signal.SIGKILL)
        for descriptor in ends:
            await _readable(self._loop, descriptor)
        self._launched.bwrap.wait()

    def _drain(self) -> None:
        """Read what is left in the pipes; nobody is alive to write more."""
        while piece := os.read(self._launched.status, _PIECE):
            self._said += piece
        for name, descriptor in self._streams.items():
            while self._take(name, descriptor):
                pass

    def _completed(self, ending: Ending, seconds: float) -> Completed:
        stdout, stderr = (self._kept[name].whole() for name in self._streams)
        if ending is not Ending.EXITED:
            return Completed(_KILLED, stdout, stderr + self._why.encode(), ending, seconds)
        status = exit_in(self._said)
        if status is None:
            return self._not_begun(stdout, stderr, seconds)
        if status in _NOT_STARTED and (refused := _REFUSED.fullmatch(stderr)):
            stderr = _NOT_STARTED[status] % refused[1]
        signalled = _SIGNALLED < status <= _SIGNALLED + _LAST_SIGNAL
        return Completed(status, stdout, stderr, Ending.SIGNALLED if signalled else Ending.EXITED, seconds)

    def _not_begun(self, stdout: bytes, stderr: bytes, seconds: float) -> Completed:
        """Tell a bwrap that was killed from one that failed."""
        killed_by = -self._launched.bwrap.returncode
        if killed_by <= 0:
            raise explain(stderr.decode(errors="replace"))
        return Completed(_SIGNALLED + killed_by, stdout, stderr, Ending.SIGNALLED, seconds)


def _parent_of(pid: int) -> int:
    """Give the process id of the parent of `pid`, 0 when there is no such process (proc_pid_stat(5))."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


async def _readable(loop: asyncio.AbstractEventLoop, descriptor: int) -> None:
    ready = asyncio.Event()
    loop.add_reader(descriptor, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(descriptor)


async def _to_its_end(work: Coroutine[Any, Any, None]) -> None:
    """Await `work` also through cancellations, which are raised when it is done."""
    task = asyncio.ensure_future(work)
    cancelled = False
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            cancelled = True
    if cancelled:
        raise asyncio.CancelledError
    task.result()
