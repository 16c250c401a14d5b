"""A process whose loop runs a worker and notes how long it stood still: `python -m tests.benchmarks.looping SECONDS`.

The worker does runs of its own all the while. A pulse of one millisecond tells how late the loop is; the processor
time beside it tells whether the loop was busy, or waited for a processor that others had.
"""

import asyncio
import json
import sys
import time

from daemon.app.compose import open_home, open_service
from daemon.domain.task import NewTask
from daemon.engine.runner import Runner
from tests.benchmarks.household import OWNER
from tests.benchmarks.scripted import scripted_parts

_PULSE = 0.001


class Pulse:
    """How late the loop was at most between two beats, and how long its own thread worked at most; in seconds."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.latest = 0.0
        self.busiest = 0.0

    async def beat(self, until: float) -> None:
        """Sleep a millisecond again and again."""
        while time.monotonic() < until:
            began, worked = time.perf_counter(), time.thread_time()
            await asyncio.sleep(_PULSE)
            self.latest = max(self.latest, time.perf_counter() - began - _PULSE)
            self.busiest = max(self.busiest, time.thread_time() - worked)


async def work(seconds: float) -> Pulse:
    """Run a worker with two slots for so long."""
    home = open_home()
    service = open_service(home)
    parts = scripted_parts(home, at_once=2)
    for _ in range(4):
        # Before all others in the queue, and more steps than can be done.
        new = NewTask(goal="calls 100000", principal=OWNER, priority=100)
        await parts.thread.call(service.submit, new)
    runner = Runner(parts, "daemon", 2)
    pulse = Pulse()
    serving = asyncio.ensure_future(runner.serve())
    await pulse.beat(time.monotonic() + seconds)
    runner.stop()
    await serving
    runner.close()
    parts.thread.close()
    return pulse


def bare(seconds: float) -> Pulse:
    """Beat without a worker: what the machine alone does to a loop."""
    pulse = Pulse()
    asyncio.run(pulse.beat(time.monotonic() + seconds))
    return pulse


def main(kind: str, seconds: float) -> None:
    """Begin when a line comes on the standard input; print the milliseconds."""
    print("ready", flush=True)
    sys.stdin.readline()
    pulse = bare(seconds) if kind == "bare" else asyncio.run(work(seconds))
    print(json.dumps({"latest": pulse.latest * 1000, "busiest": pulse.busiest * 1000}))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
