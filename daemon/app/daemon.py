"""The daemon: one for each state folder; its parts, how it starts, reads its configuration again, and stops."""

import asyncio
import fcntl
import gc
import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, cast

from daemon.app.notify import tell, watchdog_seconds
from daemon.app.plugins import Loaded
from daemon.domain.errors import AgentError, InvalidState
from daemon.domain.ports import Channel, Living
from daemon.engine.deliver import Delivery
from daemon.engine.parts import Parts
from daemon.engine.runner import Runner
from daemon.engine.supervisor import Supervisor
from daemon.store import audit, tasks
from daemon.store.home import Home

_READY_SECONDS = 10.0
"""How long the start waits for channels before it says that it is ready all the same."""
_LAST_SECONDS = 10.0
"""How long messages that are due are sent after work was stopped."""
_STATUS_SECONDS = 5.0


class Daemon:
    """Works on one state folder until SIGTERM or SIGINT; a second signal ends it at once."""

    def __init__(
        self,
        home: Home,
        build: Callable[[Home], Parts],
        channels: Callable[[Parts], Sequence[Channel]],
        plugged: Callable[[], Loaded],
    ) -> None:
        """Build its parts with `build`; send by what `channels` and `plugged` give."""
        self._home = home
        self._build = build
        self._channels_of = channels
        self._plugged = plugged
        self._built: list[Parts] = []
        self._channels: list[Channel] = []
        self._stopping = asyncio.Event()
        self._asked = asyncio.Event()
        self._reload_asked = False

    def serve(self) -> None:
        """Be the daemon; raises InvalidState where there is one already."""
        with (self._home.path / "daemon.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as taken:
                raise InvalidState(
                    f"A daemon works on {self._home.path} already.", "agent workers shows it; stop it first."
                ) from taken
            parts = self._build(self._home)
            self._built.append(parts)
            channels = self._all_channels(parts)
            # What is loaded by now lives as long as the process; looking through it would hold up the loop for 25 ms.
            gc.collect()
            gc.freeze()
            try:
                asyncio.run(self._serve(parts, channels))
            finally:
                parts.thread.close()

    async def _serve(self, parts: Parts, channels: list[Channel]) -> None:
        runner = Runner(parts, "daemon", parts.runs.at_once)
        supervisor = Supervisor(parts)
        self._listen(parts)
        head = await parts.thread.call(audit.head)
        lacking = await asyncio.to_thread(parts.sandbox.unavailable)
        if lacking is not None:
            parts.log.warning("no sandbox: whatever needs one is refused", why=lacking)
        await supervisor.begin()
        try:
            self._start_channels(supervisor, parts, channels)
            supervisor.start(_Working(runner))
            supervisor.start(_Telling(parts, supervisor))
            await self._settled(supervisor)
            down = {state.name: state.problem for state in supervisor.states if state.state != "up"}
            parts.log.info("ready", home=str(parts.home.path), at_once=parts.runs.at_once, audit_head=head, **down)
            tell(READY=1)
            await self._until_stopped(runner, supervisor)
        finally:
            await self._stop(runner, supervisor)
            parts.log.info("stopped", audit_head=await parts.thread.call(audit.head))

    async def _until_stopped(self, runner: Runner, supervisor: Supervisor) -> None:
        """Wait for signals: read the configuration again as often as that is asked, until the end is."""
        while not self._stopping.is_set():
            await self._asked.wait()
            self._asked.clear()
            if self._reload_asked and not self._stopping.is_set():
                self._reload_asked = False
                await self._reload(runner, supervisor)

    async def _settled(self, supervisor: Supervisor) -> None:
        """Wait until all parts work, or are known not to; or until there is nothing to wait for."""
        settling = asyncio.ensure_future(supervisor.settled(_READY_SECONDS))
        stopping = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait({settling, stopping}, return_when=asyncio.FIRST_COMPLETED)
        for one in (settling, stopping):
            one.cancel()

    def _listen(self, parts: Parts) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._asked_to_stop, number, parts)
        loop.add_signal_handler(signal.SIGHUP, self._asked_to_reload)
        loop.set_exception_handler(lambda _loop, context: _say_unhandled(parts, context))

    def _asked_to_stop(self, number: int, parts: Parts) -> None:
        if self._stopping.is_set():
            parts.log.warning("stopped at once: what was being done is taken up again at the next start")
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        self._stopping.set()
        self._asked.set()

    def _asked_to_reload(self) -> None:
        self._reload_asked = True
        self._asked.set()

    async def _stop(self, runner: Runner, supervisor: Supervisor) -> None:
        """Take no more work, let short steps end, park the rest, send what can be sent, end."""
        tell(STOPPING=1)
        runner.stop()
        await runner.park()
        await supervisor.stop([_Working.name, Delivery.name])
        parts = self._built[-1]
        try:
            async with asyncio.timeout(_LAST_SECONDS):
                await Delivery(parts, self._channels).send_due()
        except TimeoutError:
            parts.log.info("some messages are sent at the next start")
        await supervisor.end()
        runner.close()
        for built in self._built:
            for models in (built.model, built.speech):
                if models is not None:
                    await models.close()

    def _start_channels(self, supervisor: Supervisor, parts: Parts, channels: list[Channel]) -> None:
        self._channels = channels
        supervisor.start(Delivery(parts, channels))
        for channel in channels:
            if hasattr(channel, "serve"):
                supervisor.start(cast("Living", channel))

    def _all_channels(self, parts: Parts) -> list[Channel]:
        """Give the channels of the house and those that packages add, which never take the place of one of ours."""
        loaded = self._plugged()
        for problem in loaded.problems:
            parts.log.warning("plug-in left out", source=problem.source, why=problem.reason)
        return [*(cast("Channel", each.value) for each in loaded.values), *self._channels_of(parts)]

    async def _reload(self, runner: Runner, supervisor: Supervisor) -> None:
        """Read the configuration again; one that is wrong changes nothing."""
        parts = self._built[-1]
        try:
            fresh = replace(self._build(self._home), thread=parts.thread)
            channels = self._all_channels(fresh)
        except AgentError as problem:
            parts.log.warning("configuration not reloaded", problem=str(problem))
            return
        for built in self._built:
            # What is being done keeps its parts, but a key that was set since must not be seen there either.
            built.redact.learn(fresh.redact)
        self._built.append(fresh)
        runner.reload(fresh)
        await supervisor.stop([Delivery.name, *(channel.name for channel in self._channels)])
        self._start_channels(supervisor, fresh, channels)
        fresh.log.info("configuration reloaded")


class _Working:
    """The runner as a part of the daemon."""

    name = "runner"

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    async def serve(self, up: Callable[[str], None]) -> None:
        up("")
        await self._runner.serve()
        await asyncio.Event().wait()  # it was asked to stop: whoever asked ends this too


class _Telling:
    """Tells systemd that we live, and in one line what we do."""

    name = "status"

    def __init__(self, parts: Parts, supervisor: Supervisor) -> None:
        self._parts = parts
        self._supervisor = supervisor

    async def serve(self, up: Callable[[str], None]) -> None:
        up("")
        pause = min(watchdog_seconds() or _STATUS_SECONDS, _STATUS_SECONDS)
        while True:
            counts = await self._parts.thread.call(tasks.counts)
            said = [f"{status.value}: {counts.get(status, 0)}" for status in counts if status.value in _SHOWN]
            down = [f"{state.name} is {state.state}" for state in self._supervisor.states if state.state != "up"]
            tell(WATCHDOG=1, STATUS=", ".join([*said, *down]))
            await asyncio.sleep(pause)


_SHOWN = ("running", "pending", "waiting")


def _say_unhandled(parts: Parts, context: dict[str, Any]) -> None:
    """Log what nobody waited for as everything else is logged: without secrets."""
    problem = context.get("exception")
    parts.log.error("unhandled in the loop", what=context.get("message", ""), exc_info=problem)
