"""From a task that one process hands in to its start in another, which slept until then; and what sleeping costs."""

import time

from daemon.engine.service import Service
from tests.benchmarks.figure import Figure, figure
from tests.benchmarks.household import asked, household
from tests.benchmarks.proc import processor_seconds
from tests.benchmarks.serving import scripted_daemon
from tests.benchmarks.setting import Setting

_PROMISED = 100.0
_STAGES = ("submit returns", "the run is claimed", "the first step is written", "the tool is called")


def measure(setting: Setting) -> list[Figure]:
    """Hand in single tasks to an idle daemon, then watch it sleep."""
    taken: dict[str, list[float]] = {stage: [] for stage in _STAGES}
    with household(setting) as house:
        service = house.service()
        with scripted_daemon(house) as daemon:
            for _ in range(setting.rounds(31) + 1):
                _settle(setting)
                for stage, milliseconds in zip(_STAGES, _submit(service), strict=True):
                    taken[stage].append(milliseconds)
            asleep = [_share_while_idle(daemon.pid, 0.2 if setting.quick else 5.0) for _ in range(setting.rounds(3, 1))]
    # The first task is left out: the daemon loads what it needs for a run.
    figures = [
        figure(f"submit until {stage}", "ms", values[1:], None if stage == _STAGES[0] else _PROMISED)
        for stage, values in taken.items()
    ]
    figures.append(
        figure("the same, the first task of a daemon, until the tool is called", "ms", taken[_STAGES[-1]][:1])
    )
    figures.append(figure("processor time of an idle daemon / wall time", "%", asleep))
    return figures


def _submit(service: Service) -> tuple[float, ...]:
    """Give the milliseconds to each stage, by the clock that all processes share."""
    with service.changes() as changes:
        began = time.time()
        task = service.submit(asked("calls 1"))
        returned = time.time()
        while not service.reads.task(task.id).status.final:
            changes.wait(1.0)
    run = service.reads.run(task.run_id)
    step = service.reads.steps(run.id)[0]
    if run.started_at is None:
        raise RuntimeError("a run has ended that never began")
    moments = (returned, run.started_at, step.started_at, float(step.output["text"]))
    return tuple((moment - began) * 1000 for moment in moments)


def _settle(setting: Setting) -> None:
    """Let the daemon go to sleep again, for different times, so that its own rare look is not met each time."""
    time.sleep(0.05 if setting.quick else 0.2 + time.time() % 0.3)


def _share_while_idle(pid: int, seconds: float) -> float:
    time.sleep(1.0 if seconds > 1 else 0.0)
    before, began = processor_seconds(pid), time.perf_counter()
    time.sleep(seconds)
    return (processor_seconds(pid) - before) / (time.perf_counter() - began) * 100
