"""One command in its sandbox, from the start of bwrap to the death of its last process."""

import asyncio
import os
import re
import resource
import signal
import socket
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from agents.sandbox.cgroup import Group
from agents.sandbox.halt import go_on, interrupt
from agents.sandbox.kin import children_of, parent_of
from agents.sandbox.launch import Launched, child_in, exit_in, let_go, let_in
from agents.sandbox.output import Kept
from agents.sandbox.pidspace import limit_processes
from agents.sandbox.refusal import explain
from agents.sandbox.stillness import stand_still
from agents.sandbox.watch import Watch, leave_a_processor
from daemon.domain.errors import SandboxUnavailable
from daemon.domain.sandbox import BoxLimits, Completed, Ending
from daemon.domain.to_its_end import to_its_end

OnOutput = Callable[[str, bytes], None]

_PIECE = 65536
_SOON = 0.0003
_MOST_PAUSE = 3.0  # seconds; who writes to a slow disk stands still only when that is done
_SIGNALLED = 128
_LAST_SIGNAL = 64
_KILLED = _SIGNALLED + signal.SIGKILL
_REFUSED = re.compile(rb"sh: (?:line )?\d+: exec: (.*): [^:\n]+\n", re.DOTALL)
_NOT_STARTED = {
    126: b"%b: this program cannot be run in the sandbox: it is not executable.\n",
    127: b"%b: there is no such program in the sandbox, or what its first line names is missing.\n",
}
_NICEST = 19
_NICE = 10  # so that we are awake to end what takes the whole processor
_FIRST_TO_GO = "1000"  # when the machine runs out of memory, the kernel ends the sandbox and not us


class Confinement:
    """Follows one launched bwrap with the callbacks of the running loop; use it once."""

    def __init__(
        self,
        launched: Launched,
        limits: BoxLimits,
        on_output: OnOutput | None,
        folders: Sequence[Path] = (),
        group: Group | None = None,
        numbered: bool = False,
    ) -> None:
        """Take over `launched` and `group`, which are closed at the end; `folders` are those that it may write to.

        `numbered` says whether the numbers of its processes can be limited (pidspace.py).
        """
        self._loop = asyncio.get_running_loop()
        self._launched = launched
        self._limits = limits
        self._group = group
        self._numbered = numbered
        # For an ordinary user the kernel counts processes in the sandbox's own user namespace (getrlimit(2)).
        self._watch = Watch(limits, group, folders)
        if os.geteuid() != 0:
            self._watch.by_kernel.add("pids")
        self._looking: asyncio.Task[str] | None = None
        self._joining: asyncio.Future[None] | None = None
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
        self.begun = asyncio.Event()

    async def follow(self) -> Completed:
        """Wait for the end, whatever it is; nothing of the sandbox is alive when this returns or raises."""
        try:
            self._listen()
            ending = await self._verdict
            seconds = self._loop.time() - self._began
        finally:
            await to_its_end(self._end())
        return self._completed(ending, seconds)

    def take_gate(self) -> socket.socket:
        """Give the way to the command's input, where that was left open; the caller closes it."""
        gate = socket.socket(fileno=os.dup(self._launched.gate))
        gate.setblocking(False)
        return gate

    def interrupt(self) -> None:
        """Send SIGINT to the command and all that it started, once it has begun."""
        if self.begun.is_set() and not self._verdict.done():
            interrupt(self._inner_pid)

    async def pause(self) -> bool:
        """Let nothing of it run until `resume`; ends it, and gives False, where it does not stand still in time."""
        if not self.begun.is_set() or self._verdict.done():
            return True
        self._watch.running.clear()
        try:
            async with asyncio.timeout(_MOST_PAUSE):
                await stand_still(self._inner_pid, self._verdict.done)
        except TimeoutError:
            self._stop("what it left running does not stand still between two exchanges")
            return False
        return True

    def resume(self) -> None:
        """Let it run again; while the watch decides about it, that does so."""
        self._watch.running.set()
        if self.begun.is_set() and not self._verdict.done() and not self._watch.deciding:
            go_on(self._inner_pid)

    def end(self, ending: Ending) -> None:
        """End it now; `follow` gives `ending`."""
        self._decide(ending)

    def forget_output(self) -> None:
        """Begin to count and keep the output anew."""
        for name in self._kept:
            self._kept[name] = Kept(self._limits.output)

    def catch_up(self, name: str) -> None:
        """Read what is in a stream now, unless the end is being made."""
        while not self._verdict.done() and self._take(name, self._streams[name]):
            pass

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
            self._joining = self._loop.run_in_executor(None, self._hold)
            let_in(self._launched)

    def _answer(self) -> None:
        """Hear from the shell that the sandbox stands."""
        self._loop.remove_reader(self._launched.gate)
        with suppress(ConnectionError):  # it ended
            if os.read(self._launched.gate, _PIECE):
                self._let_go()

    def _let_go(self) -> None:
        try:
            gone = self._is_held() and let_go(self._launched, self._inner_pid)
        except (FileNotFoundError, ProcessLookupError, ConnectionError):
            return  # it ended
        if not gone:
            self._timers["gate"] = self._loop.call_later(_SOON, self._guarded, self._let_go)
            return
        if not self._is_counted:
            with suppress(OSError):  # root may in most containers: what ends the others comes before them
                os.setpriority(os.PRIO_PROCESS, self._inner_pid, 0)
        self.begun.set()
        self._looking = self._loop.create_task(self._watch.look(self._inner_pid))
        self._looking.add_done_callback(self._looked)

    def _meet(self) -> bool:
        """Take hold of the sandbox's first process, whose death is the death of all in it (pid_namespaces(7))."""
        pid = child_in(self._said)
        if pid is None:
            return False
        with suppress(ProcessLookupError):
            held = os.pidfd_open(pid)
            if parent_of(pid) == self._launched.bwrap.pid:
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
            resource.RLIMIT_NPROC: self._limits.processes + 1,  # one is bwrap's own
            resource.RLIMIT_NOFILE: self._limits.open_files,
            resource.RLIMIT_FSIZE: self._limits.file_size,
            resource.RLIMIT_DATA: self._limits.memory,
        }
        with suppress(ProcessLookupError):
            if not self._is_counted:
                leave_a_processor(self._inner_pid)
            for kind, value in limits.items():
                _, hard = resource.prlimit(self._inner_pid, kind)
                least = value if hard == resource.RLIM_INFINITY else min(value, hard)
                resource.prlimit(self._inner_pid, kind, (least, least))
        with suppress(OSError):
            Path(f"/proc/{self._inner_pid}/oom_score_adj").write_text(_FIRST_TO_GO, "ascii")

    def _looked(self, looking: "asyncio.Task[str]") -> None:
        """Take what the watch found; an error of it ends the run, since nobody would watch any more."""
        if looking.cancelled() or self._verdict.done():
            return
        error = looking.exception()
        if error is not None:
            self._verdict.set_exception(error)
        elif looking.result():
            self._stop(looking.result())

    def _stop(self, why: str) -> None:
        if not self._verdict.done():
            self._why = _said(why)
            self._strike()  # at once: what is too much grows
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
            if self._looking is not None:
                self._looking.cancel()
            beside = [task for task in (self._looking, self._joining) if task is not None]
            if beside:
                await asyncio.wait(beside)
            self._drain()
        finally:
            self._leave_group()
            os.close(self._bwrap)
            if self._inner is not None:
                os.close(self._inner)
            self._launched.close()

    def _hold(self) -> None:
        """Have the kernel limit all processes together; in a thread, since it takes some milliseconds."""
        os.setpriority(os.PRIO_PROCESS, self._inner_pid, _NICE if self._is_counted else _NICEST)
        if self._group is not None:
            self._group.take(self._inner_pid)
        if "pids" not in self._watch.by_kernel and self._numbered:
            with suppress(OSError, subprocess.SubprocessError):  # then they are counted
                limit_processes(self._inner_pid, self._limits.processes)
                self._watch.by_kernel.add("pids")

    @property
    def _is_counted(self) -> bool:
        """Say whether the kernel counts the processes."""
        return self._numbered or "pids" in self._watch.by_kernel

    def _is_held(self) -> bool:
        """Say whether the command is limited too, which was perhaps started before the first process was.

        Raises ProcessLookupError when it is gone, SandboxUnavailable when the kernel does not take it.
        """
        if self._joining is None:
            return True
        if not self._joining.done():
            return False
        try:
            self._joining.result()
            if self._group is not None:
                for child in children_of(self._inner_pid):
                    self._group.take(child)
        except ProcessLookupError:
            raise
        except OSError as error:
            raise SandboxUnavailable(
                f"The command could not be put into its control group: {error.strerror}.",
                "Try again; if it happens again, `agent doctor` looks at the groups.",
            ) from error
        return True

    def _leave_group(self) -> None:
        if self._group is not None:
            if self._group.starved() and not self._why:
                self._why = _said(self._watch.starved())
            self._group.close()

    async def _kill(self) -> None:
        while self._inner is None and not self._said:
            # Not born yet, and not let go: it is known in a moment, or bwrap ends.
            await _readable(self._loop, self._launched.status)
            piece = os.read(self._launched.status, _PIECE)
            self._said += piece
            if not piece or self._meet():
                break
        self._strike()
        for descriptor in self._ends():
            await _readable(self._loop, descriptor)
        self._launched.bwrap.wait()

    def _ends(self) -> list[int]:
        return [descriptor for descriptor in (self._inner, self._bwrap) if descriptor is not None]

    def _strike(self) -> None:
        for descriptor in self._ends():
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(descriptor, signal.SIGKILL)

    def _drain(self) -> None:
        """Read what is left in the pipes; nobody is alive to write more."""
        while piece := os.read(self._launched.status, _PIECE):
            self._said += piece
        for name, descriptor in self._streams.items():
            while self._take(name, descriptor):
                pass

    def _completed(self, ending: Ending, seconds: float) -> Completed:
        stdout, stderr = (self._kept[name].whole() for name in self._streams)
        if self._why and ending is Ending.EXITED:
            ending = Ending.STOPPED
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


def _said(why: str) -> str:
    return f"\n[stopped: {why}]\n"


async def _readable(loop: asyncio.AbstractEventLoop, descriptor: int) -> None:
    ready = asyncio.Event()
    loop.add_reader(descriptor, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(descriptor)
