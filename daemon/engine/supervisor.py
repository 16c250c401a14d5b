"""Keeps the parts of the daemon alive: what breaks down is started again, with growing pauses, for all to see."""

import asyncio
import contextlib
import os
import time
from collections.abc import Iterable
from dataclasses import replace

from daemon.domain.errors import AgentError, StoreError
from daemon.domain.ports import Living
from daemon.engine.parts import Parts
from daemon.store import daemon_parts, database
from daemon.store.daemon_parts import DaemonPart

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 300.0
_HEALTHY_SECONDS = 60.0
"""Who has lived so long is taken for mended: the next pause is short again."""


class Supervisor:
    """The living parts of one daemon."""

    def __init__(self, parts: Parts) -> None:
        """Log and write by these parts."""
        self._parts = parts
        self._living: dict[str, asyncio.Task[None]] = {}
        self._states: dict[str, DaemonPart] = {}
        self._said = asyncio.Event()

    def start(self, part: Living) -> None:
        """Start a part, in the place of one of the same name that has ended."""
        self._states[part.name] = self._state(part.name, "starting")
        self._living[part.name] = asyncio.create_task(self._keep(part), name=part.name)

    async def stop(self, names: Iterable[str] | None = None) -> None:
        """End some parts, or all."""
        ended = list(self._living) if names is None else [name for name in names if name in self._living]
        tasks = [self._living.pop(name) for name in ended]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for name in ended:
            self._states.pop(name, None)

    async def begin(self) -> None:
        """Forget what an earlier daemon wrote."""
        await self._parts.thread.call(_clear)

    async def end(self) -> None:
        """End all parts, and write that none lives."""
        await self.stop()
        await self._parts.thread.call(_clear)

    async def settled(self, seconds: float) -> None:
        """Wait until every part works or has said what keeps it from that; at most so long."""
        deadline = time.monotonic() + seconds
        while any(state.state == "starting" for state in self._states.values()):
            self._said.clear()
            left = deadline - time.monotonic()
            if left <= 0:
                return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._said.wait()

    @property
    def states(self) -> list[DaemonPart]:
        """Give how the parts are."""
        return [self._states[name] for name in sorted(self._states)]

    async def _keep(self, part: Living) -> None:
        pause = _FIRST_PAUSE
        while True:
            began = time.monotonic()
            try:
                await part.serve(lambda problem: self._told(part.name, problem))
                reason = "it ended by itself"
            except Exception as problem:
                self._parts.log.exception("a part of the daemon broke down", part=part.name)
                reason = str(problem) if isinstance(problem, AgentError) else f"{type(problem).__name__}: {problem}"
            if time.monotonic() - began > _HEALTHY_SECONDS:
                pause = _FIRST_PAUSE
            self._change(part.name, "broken", reason, restarted=True)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _told(self, name: str, problem: str) -> None:
        state = "down" if problem else "up"
        before = self._states[name]
        if (before.state, before.problem) != (state, problem):
            self._change(name, state, problem)

    def _change(self, name: str, state: str, problem: str, *, restarted: bool = False) -> None:
        before = self._states[name]
        clean = self._parts.redact.text(problem)
        changed = replace(self._state(name, state, clean), restarts=before.restarts + restarted)
        self._states[name] = changed
        if before.state != state:
            self._parts.log.info("a part of the daemon", part=name, state=state, why=clean)
        self._said.set()
        writing = asyncio.ensure_future(self._parts.thread.call(_write, changed))
        writing.add_done_callback(self._written)

    def _written(self, writing: "asyncio.Future[None]") -> None:
        problem = None if writing.cancelled() else writing.exception()
        if isinstance(problem, StoreError):
            self._parts.log.warning("how a part is cannot be written", problem=str(problem))
        elif problem is not None:
            raise problem

    def _state(self, name: str, state: str, problem: str = "") -> DaemonPart:
        return DaemonPart(name, state, problem, 0, os.getpid(), self._parts.clock.now())


def _write(part: DaemonPart) -> None:
    with database.transaction():
        daemon_parts.write(part)


def _clear() -> None:
    with database.transaction():
        daemon_parts.clear()
