"""Looks at a running sandbox: what the kernel does not limit is measured, as often as it can change by much."""

import asyncio
import math
import os
import time
from collections.abc import Sequence
from pathlib import Path

from agents.sandbox.cgroup import Group
from agents.sandbox.disk import Disk
from agents.sandbox.halt import go_on, halt
from agents.sandbox.usage import TMPFS, Usage, usage_of
from daemon.domain.sandbox import MIB, BoxLimits

_SHORTEST = 0.002  # seconds between two looks
_LONGEST = 0.02
_FASTEST_FORKS = 10_000  # in a second
_FASTEST_MEMORY = 4_000 * MIB  # in a second


class Watch:
    """Watches one sandbox; `look` ends with the reason why the sandbox must.

    `by_kernel` names what the kernel limits for all processes together: "pids", "memory". `running` is cleared
    by whoever has stopped all processes for longer, `deciding` is set while they are stopped here.
    """

    def __init__(self, limits: BoxLimits, group: Group | None, folders: Sequence[Path]) -> None:
        """Begin; `folders` are those that the sandbox may write to."""
        self._limits = limits
        self._most = Usage(limits.processes + 1, limits.memory)  # one process is bwrap's own
        self._group = group
        self.by_kernel = set(group.controllers) if group else set[str]()
        self._disk = Disk(folders, limits)
        self._counting: asyncio.Future[str] | None = None
        self.running = asyncio.Event()
        self.running.set()
        self.deciding = False

    async def look(self, pid: int) -> str:
        """Look at the sandbox whose first process is `pid` until something is too much; gives the reason.

        Gives nothing when the sandbox is ending.
        """
        try:
            while await self.running.wait():
                before = time.thread_time()  # what a crowd takes from us meanwhile is no reason to wait longer
                reason, soonest = self._measured(pid)
                reason = reason or await self._written(pid)
                if reason:
                    return reason
                cost = time.thread_time() - before
                soonest = min(soonest, self._disk.soonest)
                await asyncio.sleep(min(max(_SHORTEST, cost, soonest), max(_LONGEST, cost)))
        except (FileNotFoundError, ProcessLookupError):
            return ""
        finally:
            self._disk.closed.set()

    def _measured(self, pid: int) -> tuple[str, float]:
        """Give what is too much, and the seconds in which something could become so."""
        if self._group is not None and self._group.starved():
            return self.starved(), 0
        for place in TMPFS:
            about = os.statvfs(f"/proc/{pid}/root/{place}")
            if about.f_files - about.f_ffree > self._limits.inodes:
                return f"it made more than {self._limits.inodes} files in /{place}", 0
        if self.by_kernel >= {"pids", "memory"}:
            return "", math.inf
        usage = usage_of(pid, self._most)
        if "pids" not in self.by_kernel and usage.tasks > self._most.tasks:
            return f"it ran {usage.tasks} processes and threads; {self._limits.processes} are allowed", 0
        if "memory" not in self.by_kernel and usage.memory > self._most.memory:
            return f"it used {usage.memory // MIB} MiB of memory; {self._limits.memory // MIB} are allowed", 0
        until_tasks = (self._most.tasks - usage.tasks) / _FASTEST_FORKS if "pids" not in self.by_kernel else math.inf
        return "", min(until_tasks, (self._most.memory - usage.memory) / _FASTEST_MEMORY)

    def starved(self) -> str:
        """Say why it was ended where the kernel gave it no more memory."""
        allowed = self._limits.memory // MIB
        return f"it needed more than {allowed} MiB of memory; {allowed} are allowed"

    async def _written(self, pid: int) -> str:
        """Give what is too much on the disk; while that is decided the sandbox stands still."""
        disk = self._disk
        disk.look()
        if disk.nearly_full():
            return "the disk is nearly full"
        if disk.is_decisive:
            self.deciding = True
            halt(pid)
            await self._counted()
            reason = await asyncio.to_thread(disk.count, pid)
            self.deciding = False
            if not reason and self.running.is_set():
                go_on(pid)
            return reason
        if self._counting is None and disk.is_suspicious:
            self._counting = asyncio.ensure_future(asyncio.to_thread(disk.count, pid))
        return await self._counted() if self._counting is not None and self._counting.done() else ""

    async def _counted(self) -> str:
        """Wait for a count that goes on beside the looks; gives what it found."""
        counting, self._counting = self._counting, None
        return await counting if counting is not None else ""


def leave_a_processor(pid: int) -> None:
    """Keep a sandbox off one of several processors, so that a fork bomb in it cannot keep us from looking."""
    processors = os.sched_getaffinity(0)
    if len(processors) > 1:
        os.sched_setaffinity(pid, processors - {min(processors)})
