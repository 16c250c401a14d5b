"""A real worker process over the real composition root, with fakes at the ports.

`python -m tests.rigs.worker --home DIR --server URL --mode daemon`: `daemon` is the daemon of a state folder, with two
channels that messages are pushed through; `run` does pending runs one after the other as the terminal does; `extra`
is a second worker that does several runs at once.
"""

import argparse
import asyncio
import signal
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from daemon.app.compose import build_parts, open_home
from daemon.app.foreground import ForegroundWorker
from daemon.domain.effect import Effect
from daemon.domain.ports import Tool
from daemon.engine.parts import Parts
from daemon.engine.runner import Runner
from daemon.engine.wake import Listener
from daemon.store.home import Home
from tests.fakes.count_tool import CountTool
from tests.fakes.push_channel import PushChannel
from tests.fakes.scripted_model import ScriptedModel
from tests.fakes.workspace_tools import BoxTool, ComputeTool, NoOpTool, ReadTool
from tests.rigs.lifeline import end_with_parent, say
from tests.rigs.waiting import wait_readable

_LOOK_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Prices:
    """What a model call and a counted call set aside, in micro-dollars; a counted call takes half of it."""

    model: int = 0
    call: int = 0


def fakes(home: Home, server: str, prices: Prices) -> Parts:
    """Build the parts of a worker with fakes at the ports."""
    tools: list[Tool] = [
        CountTool(server, reserve=prices.call, cost=prices.call // 2),
        CountTool(server, "alter", Effect.CHANGE, reserve=prices.call, cost=prices.call // 2),
        ComputeTool(),
        ReadTool(),
        NoOpTool(),
        BoxTool(),
    ]
    return build_parts(home, ScriptedModel(server, prices.model), tools)


def channels(server: str) -> tuple[PushChannel, PushChannel]:
    """Give a channel that cannot look up what it sent, and one that can."""
    return PushChannel(server), PushChannel(server, "post", remembers=True)


def main() -> None:
    """Be a worker until SIGTERM or until whoever started it is gone."""
    given = _parsed()
    end_with_parent()
    home = open_home(given.home)
    build = partial(_announced, server=given.server, prices=Prices(given.model_price, given.call_price))
    if given.mode == "daemon":
        ForegroundWorker(home, build, lambda _: channels(given.server)).serve()
    elif given.mode == "run":
        _run_one_by_one(ForegroundWorker(home, build), home)
    else:
        asyncio.run(_serve(build(home)))


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--server", required=True)
    parser.add_argument("--mode", choices=("daemon", "run", "extra"), default="daemon")
    parser.add_argument("--model-price", type=int, default=0)
    parser.add_argument("--call-price", type=int, default=0)
    return parser.parse_args()


def _announced(home: Home, server: str, prices: Prices) -> Parts:
    parts = fakes(home, server, prices)
    say(ready=True)
    return parts


def _run_one_by_one(worker: ForegroundWorker, home: Home) -> None:
    listener = Listener(home.wake)
    while True:
        if worker.run(None) is None:
            wait_readable(listener, _LOOK_SECONDS)
            listener.drain()


async def _serve(parts: Parts) -> None:
    runner = Runner(parts, "extra", parts.runs.at_once)
    stop: Callable[[], None] = runner.stop
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)
    try:
        await runner.serve()
    finally:
        runner.close()
        parts.thread.close()


if __name__ == "__main__":
    main()
