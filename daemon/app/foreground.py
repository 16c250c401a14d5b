"""A worker in this process: one run for the terminal, or the daemon until it is told to stop."""

import asyncio
import signal
from collections.abc import Callable, Sequence

from daemon.app.plugins import Loaded, load_channels
from daemon.domain.ports import Channel
from daemon.domain.run import Run
from daemon.engine.parts import Parts
from daemon.engine.replay import replay
from daemon.engine.runner import Runner
from daemon.store.home import Home


class ForegroundWorker:
    """The port `Worker`."""

    def __init__(
        self,
        home: Home,
        build: Callable[[Home], Parts],
        channels: Callable[[Parts], Sequence[Channel]] = lambda _: (),
        plugged: Callable[[], Loaded] = load_channels,
    ) -> None:
        """Build the parts with `build` when there is something to do.

        The daemon sends by what `channels` gives for its parts, and by what `plugged` gives when it starts.
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
        from daemon.app.daemon import Daemon

        Daemon(self._home, self._build, self._channels, self._plugged).serve()

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


async def _let_go(parts: Parts) -> None:
    if parts.model is not None:
        await parts.model.close()
