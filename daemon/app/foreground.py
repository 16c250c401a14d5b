"""A worker in this process: one run for the terminal, or the daemon until it is told to stop."""

import asyncio
import fcntl
import gc
import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, cast

from daemon.app.plugins import Loaded, load_channels
from daemon.domain.errors import AgentError, InvalidState
from daemon.domain.ports import Channel
from daemon.domain.run import Run
from daemon.engine.deliver import Delivery
from daemon.engine.parts import Parts
from daemon.engine.replay import replay
from daemon.engine.runner import Runner
from daemon.store import audit
from daemon.store.home import Home


class ForegroundWorker:
    """The port `Worker`."""

    def __init__(
        self,
        home: Home,
        build: Callable[[Home], Parts],
        channels: Sequence[Channel] = (),
        plugged: Callable[[], Loaded] = load_channels,
    ) -> None:
        """Build the parts with `build` when there is something to do.

        The daemon sends by `channels`, and by what `plugged` gives when it starts.
        """
        self._home = home
        self._channels = channels
        self._plugged = plugged
        self._build = build

    def run(self, run_id: int | None, watch: Callable[[], None] | None = None) -> Run | None:
        """Do one run, the next pending one for None; Ctrl-C pauses it and raises KeyboardInterrupt."""
        parts = self._build(self._home)
        try:
            return asyncio.run(self._run(parts, run_id, watch))
        finally:
            parts.thread.close()

    def serve(self) -> None:
        """Be the daemon until SIGTERM or SIGINT; one for each state folder."""
        with (self._home.path / "daemon.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as taken:
                raise InvalidState(
                    f"A daemon works on {self._home.path} already.", "agent workers shows it; stop it first."
                ) from taken
            parts = self._build(self._home)
            # What is loaded by now lives as long as the process; looking through it would hold up the loop for 25 ms.
            gc.collect()
            gc.freeze()
            try:
                asyncio.run(self._serve(parts))
            finally:
                parts.thread.close()

    def replay(self, task_id: int) -> str | None:
        """Re-execute the newest run of a task; says the first difference, or None."""
        parts = self._build(self._home)
        try:
            return asyncio.run(replay(parts, task_id))
        finally:
            parts.thread.close()

    @staticmethod
    async def _run(parts: Parts, run_id: int | None, watch: Callable[[], None] | None) -> Run | None:
        runner = Runner(parts, "terminal", 1)
        if watch is not None:
            runner.watch = watch
        doing = asyncio.ensure_future(runner.do_one(run_id))
        interrupted = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, interrupted.set)
        waiting = asyncio.ensure_future(interrupted.wait())
        try:
            await asyncio.wait({doing, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if not doing.done():
                await runner.pause_all()
                await doing
                raise KeyboardInterrupt
            return doing.result()
        finally:
            waiting.cancel()
            runner.close()
            await _let_go(parts)

    async def _serve(self, parts: Parts) -> None:
        runner = Runner(parts, "daemon", parts.runs.at_once)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, runner.stop)
        loop.add_signal_handler(signal.SIGHUP, self._reload, runner, parts)
        loop.set_exception_handler(lambda _loop, context: _say_unhandled(parts, context))
        head = await parts.thread.call(audit.head)
        lacking = await asyncio.to_thread(parts.sandbox.unavailable)
        if lacking is not None:
            parts.log.warning("no sandbox: whatever needs one is refused", why=lacking)
        parts.log.info("ready", home=str(parts.home.path), at_once=parts.runs.at_once, audit_head=head)
        channels = self._all_channels(parts)
        delivering = asyncio.ensure_future(Delivery(parts, channels).serve()) if channels else None
        try:
            await runner.serve()
        finally:
            if delivering is not None:
                delivering.cancel()
                await asyncio.gather(delivering, return_exceptions=True)
            runner.close()
            await _let_go(parts)
            parts.log.info("stopped", audit_head=await parts.thread.call(audit.head))

    def _all_channels(self, parts: Parts) -> list[Channel]:
        """Give the channels of the house and those that packages add, which never take the place of one of ours."""
        loaded = self._plugged()
        for problem in loaded.problems:
            parts.log.warning("plug-in left out", source=problem.source, why=problem.reason)
        return [*(cast("Channel", each.value) for each in loaded.values), *self._channels]

    def _reload(self, runner: Runner, parts: Parts) -> None:
        """Read the configuration again; one that is wrong changes nothing."""
        try:
            fresh = self._build(self._home)
        except AgentError as problem:
            parts.log.warning("configuration not reloaded", problem=str(problem))
            return
        runner.reload(replace(fresh, thread=parts.thread))
        parts.log.info("configuration reloaded")


async def _let_go(parts: Parts) -> None:
    if parts.model is not None:
        await parts.model.close()


def _say_unhandled(parts: Parts, context: dict[str, Any]) -> None:
    """Log what nobody waited for as everything else is logged: without secrets."""
    problem = context.get("exception")
    parts.log.error("unhandled in the loop", what=context.get("message", ""), exc_info=problem)
