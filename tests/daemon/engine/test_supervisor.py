"""Parts of the daemon: what breaks down is started again, and how each is can be seen."""

import asyncio
from collections.abc import Callable

import pytest

from daemon.engine import supervisor as module
from daemon.engine.supervisor import Supervisor
from daemon.store import daemon_parts
from tests.daemon.engine.workbench import Workbench

Make = Callable[..., Workbench]


class Frail:
    """A part that breaks down so many times, and then lives."""

    name = "frail"

    def __init__(self, times: int) -> None:
        self.times = times
        self.lives = 0
        self.lived = asyncio.Event()

    async def serve(self, up: Callable[[str], None]) -> None:
        self.lives += 1
        if self.lives <= self.times:
            raise KeyError("broken")
        up("")
        self.lived.set()
        await asyncio.Event().wait()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FIRST_PAUSE", 0.01)


async def test_a_part_that_breaks_down_is_started_again_and_that_is_seen(bench: Make) -> None:
    b, part = bench(), Frail(3)
    keeping = Supervisor(b.parts)
    keeping.start(part)
    await asyncio.wait_for(part.lived.wait(), 30)
    await b.parts.thread.call(lambda: None)
    (seen,) = daemon_parts.listed()
    assert (seen.name, seen.state, seen.restarts) == ("frail", "up", 3)
    await keeping.end()
    assert daemon_parts.listed() == []


async def test_what_keeps_a_part_from_working_is_told_and_the_start_waits_for_that_alone(bench: Make) -> None:
    class Down:
        name = "down"

        async def serve(self, up: Callable[[str], None]) -> None:
            up("nobody is there")
            await asyncio.Event().wait()

    keeping = Supervisor(bench().parts)
    keeping.start(Down())
    keeping.start(Frail(0))
    await keeping.settled(30)
    assert [(state.name, state.state, state.problem) for state in keeping.states] == [
        ("down", "down", "nobody is there"),
        ("frail", "up", ""),
    ]
    await keeping.end()


async def test_a_part_that_says_nothing_does_not_hold_up_the_start_for_ever(bench: Make) -> None:
    class Silent:
        name = "silent"

        async def serve(self, up: Callable[[str], None]) -> None:
            del up
            await asyncio.Event().wait()

    keeping = Supervisor(bench().parts)
    keeping.start(Silent())
    await keeping.settled(0.05)
    assert [state.state for state in keeping.states] == ["starting"]
    await keeping.end()
