"""Steps in a second, one run at a time and eight at once, in one worker."""

import asyncio
import time

from daemon.engine.runner import Runner
from daemon.engine.service import Service
from tests.benchmarks.figure import Figure, figure, ratio
from tests.benchmarks.household import Household, asked, household
from tests.benchmarks.scripted import scripted_parts
from tests.benchmarks.setting import Setting

_RUNS = 8


def measure(setting: Setting) -> list[Figure]:
    """Do the same eight runs, one after the other and all at once, in turn."""
    steps = 5 if setting.quick else 50
    single, eight = [], []
    with household(setting) as house:
        service = house.service()
        for _ in range(setting.rounds(5)):
            single.append(asyncio.run(_rate(house, service, 1, steps)))
            eight.append(asyncio.run(_rate(house, service, _RUNS, steps)))
    return [
        figure("one run at a time", "steps/s", single),
        figure("eight runs at once", "steps/s", eight),
        ratio("eight at once / one at a time", eight, single),
    ]


async def _rate(house: Household, service: Service, at_once: int, steps: int) -> float:
    parts = scripted_parts(house.home, at_once=at_once)
    runner = Runner(parts, "daemon", at_once)
    tasks = [await parts.thread.call(service.submit, asked(f"calls {steps}")) for _ in range(_RUNS)]
    began = time.perf_counter()
    serving = asyncio.ensure_future(runner.serve())
    with service.changes() as changes:
        while not all(service.reads.task(task.id).status.final for task in tasks):
            await asyncio.to_thread(changes.wait, 1.0)
    rate = _RUNS * steps / (time.perf_counter() - began)
    runner.stop()
    await serving
    runner.close()
    parts.thread.close()
    return rate
