"""The engine's own time for a step, full sync included: the tool does nothing and the model answers at once."""

import asyncio
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from daemon.domain.call import Outcome
from daemon.domain.limits import Usage
from daemon.domain.model import ModelReply, ModelRequest
from daemon.domain.ports import Circumstances
from daemon.domain.run import RunStatus
from daemon.engine import calls, judging
from daemon.engine.runner import Runner
from daemon.engine.service import Service
from tests.benchmarks.figure import Figure, figure, ratio
from tests.benchmarks.household import Household, asked, household
from tests.benchmarks.scripted import NoOp, ScriptedModel, scripted_parts
from tests.benchmarks.setting import Setting
from tests.benchmarks.stopwatch import milliseconds
from tests.benchmarks.timed_thread import TimedThread

_PROMISED = 5.0
_LOOK = 0.05
_PROCESSOR = "processor time, without waiting for the disk"
_PHASES = {
    "open_call": "intent commit",
    "open_model_call": "intent commit",
    "record": "outcome commit",
    "prepare": "writing large values to files",
    "get": "reading back",
    "_house_work": "keeping house",
    "_stopped": "keeping house",
    "next_pending": "keeping house",
    "take_steering": "looking for messages of the owner",
}
"""Which function of the store thread belongs to which phase."""


def measure(setting: Setting) -> list[Figure]:
    """Do runs of 200 steps: calls alone and with a model, by a terminal's worker and by a daemon's."""
    figures: list[Figure] = []
    with household(setting) as house:
        service = house.service()
        steps = 20 if setting.quick else 200
        for goal, said in ((f"calls {steps}", "calls alone"), (f"model {steps // 2}", "model and calls in turn")):
            for serve in (False, True):
                where = "daemon" if serve else "terminal"
                rounds: list[Mapping[str, float]] = []
                bare: list[float] = []
                for _ in range(setting.rounds(7)):
                    bare.append(_bare_commit(house.home.path))
                    rounds.append(asyncio.run(_one_run(house, service, goal, serve=serve)))
                figures += _figures(f"{said}, {where}", rounds, bare)
        figures.append(_growth(service, "model", steps))
    return figures


def _figures(said: str, rounds: list[Mapping[str, float]], bare: list[float]) -> list[Figure]:
    whole = [one["whole"] for one in rounds]
    figures = [
        figure("a bare SQLite commit of one row, synchronous=FULL", "ms", bare),
        figure(f"a step ({said})", "ms", whole, _PROMISED),
        ratio(f"a step ({said}) / a bare commit", whole, bare),
    ]
    figures.append(figure(f"  {_PROCESSOR}", "ms", [one[_PROCESSOR] for one in rounds]))
    for phase in sorted({phase for one in rounds for phase in one} - {"whole", _PROCESSOR}):
        figures.append(figure(f"  of it {phase}", "ms", [one.get(phase, 0.0) for one in rounds]))
    return figures


def _growth(service: Service, kind: str, steps: int) -> Figure:
    """Compare the last tenth of the steps with the first, by the times in the journal."""
    found = [line.id for line in service.reads.page(most=1000) if line.title.startswith(kind)]
    values = []
    for task_id in found:
        at = [step.started_at for step in service.reads.steps(service.reads.task(task_id).run_id)]
        tenth = steps // 10
        values.append((at[steps - 1] - at[steps - 1 - tenth]) / max(at[tenth] - at[0], 1e-9))
    return figure("the last tenth of the steps with a model / the first tenth", "x", values)


async def _one_run(house: Household, service: Service, goal: str, *, serve: bool) -> Mapping[str, float]:
    """Give the milliseconds a step, whole and by phase; what the tool and the model took is not the engine's."""
    thread = TimedThread()
    parts = scripted_parts(house.home, thread=thread)
    runner = Runner(parts, "daemon" if serve else "terminal", 1)
    task = await thread.call(service.submit, asked(goal))
    thread.seconds.clear()
    try:
        with _policy_timed() as spent:
            began, worked = time.time(), time.process_time()
            await _served(runner, service, task.id) if serve else await runner.do_one(task.run_id)
            worked = time.process_time() - worked - spent["others"]
    finally:
        runner.close()
        thread.close()
    run = service.reads.run(task.run_id)
    if run.status is not RunStatus.DONE or run.ended_at is None:
        raise RuntimeError(f"the run that was to be measured is {run.status}: {run.error}")
    whole = run.ended_at - began - spent["others"]
    phases = _by_phase(whole, spent["policy"], thread.seconds)
    phases[_PROCESSOR] = worked
    return {phase: seconds * 1000 / run.usage.steps for phase, seconds in phases.items()}


async def _served(runner: Runner, service: Service, task_id: int) -> None:
    """Be a daemon until the task has ended; it is looked at so rarely that looking costs nothing."""
    serving = asyncio.ensure_future(runner.serve())
    while not service.reads.task(task_id).status.final:  # noqa: ASYNC110 - the end stands in the database
        await asyncio.sleep(_LOOK)
    runner.stop()
    await serving


def _by_phase(whole: float, policy: float, seconds: Mapping[str, float]) -> dict[str, float]:
    phases = defaultdict(float, {"policy and schema": policy})
    for name, spent in seconds.items():
        phases[_PHASES.get(name, "claim, plan, end")] += spent
    phases["the rest (loop, thread changes, transcript)"] = whole - sum(phases.values())
    phases["whole"] = whole
    return phases


@contextmanager
def _policy_timed() -> Iterator[Mapping[str, float]]:
    """Add up the seconds of policy and schema, and of what is not the engine: tool and model."""
    spent: defaultdict[str, float] = defaultdict(float)

    def timed(name: str, function: Any) -> Any:
        def run(*args: Any, **kwargs: Any) -> Any:
            began = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                spent[name] += time.perf_counter() - began

        return run

    async def invoke(tool: NoOp, arguments: Mapping[str, Any], at: Circumstances) -> Outcome:
        began = time.perf_counter()
        result = await invoked(tool, arguments, at)
        spent["others"] += time.perf_counter() - began
        return result

    async def complete(
        model: ScriptedModel, request: ModelRequest, most: Usage, on_text: Callable[[str], None] | None = None
    ) -> ModelReply:
        began = time.perf_counter()
        result = await completed(model, request, most, on_text)
        spent["others"] += time.perf_counter() - began
        return result

    invoked, completed = NoOp.invoke, ScriptedModel.complete
    with ExitStack() as stack:
        for module, name in ((judging, "judge"), (calls, "mistake"), (judging, "known_targets")):
            stack.enter_context(patch.object(module, name, timed("policy", getattr(module, name))))
        stack.enter_context(patch.object(NoOp, "invoke", invoke))
        stack.enter_context(patch.object(ScriptedModel, "complete", complete))
        yield spent


def _bare_commit(folder: Path) -> float:
    """Give the milliseconds of a commit of one small row, the mean of fifty."""
    with closing(sqlite3.connect(folder / "bare.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE IF NOT EXISTS line (text TEXT)")
        insert = partial(connection.execute, "INSERT INTO line VALUES ('a small row')")
        return sum(milliseconds(insert) for _ in range(50)) / 50
