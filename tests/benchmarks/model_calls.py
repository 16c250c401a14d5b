"""Tasks that a model does, by LiteLLM and a server on loopback: the first request, cold and warm, and a turn.

A server answers at once, so that what is left is ours and LiteLLM's.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from daemon.app.compose import build_parts
from daemon.domain.limits import Usage
from daemon.domain.model import ModelRequest
from daemon.domain.task import Task
from daemon.engine.parts import Parts
from daemon.engine.runner import Runner
from daemon.engine.service import Service
from tests.benchmarks.figure import Figure, figure
from tests.benchmarks.household import Household, asked, household
from tests.benchmarks.setting import Setting
from tests.rigs.model_server import Asked, Call, ModelServer, Said, Text

_COLD, _WARM, _STEP, _OURS = 2200.0, 50.0, 8.0, 2.0
_PLENTY = Usage(tokens=10_000_000, money=10_000_000)


def measure(setting: Setting) -> list[Figure]:
    """Do tasks in one worker, the first of which starts the model process."""
    turns = 5 if setting.quick else 100

    def say(given: Asked) -> Said:
        if "long" in given.last or given.turn > 1:
            return Call("note", {"text": f"part {given.turn}"}) if given.turn <= turns else Text("Done.")
        return Text("Hello.")

    with ModelServer("openai", say) as server, household(setting) as house:
        _configure(house, server)
        return asyncio.run(_measured(house, server, setting, turns))


async def _measured(house: Household, server: ModelServer, setting: Setting, turns: int) -> list[Figure]:
    service = house.service()
    cold, warm, steps, rest, bare, alone = [], [], [], [], [], []
    for _ in range(setting.rounds(3, 1)):
        async with _worker(house) as (parts, runner):
            cold.append(await _first_request(service, runner, server))
            for _ in range(setting.rounds(15)):
                warm.append(await _first_request(service, runner, server))
            began = time.perf_counter()
            task = service.submit(asked("a long one"))
            await runner.do_one(task.run_id)
            whole = time.perf_counter() - began
            steps.append(whole * 1000 / (2 * turns))
            rest.append((whole - _answering(service, task)) * 1000 / (2 * turns))
            for _ in range(setting.rounds(3, 1)):  # by turns, since the machine is not always as quick
                bare += await _bare_calls(parts, setting.rounds(40))
                alone += await asyncio.to_thread(_router_alone, server.url, setting.rounds(40))
    ours = [max(0.0, one - statistics.median(alone)) for one in bare]
    return [
        figure("submit until the model's server has the request, model process cold", "ms", cold, _COLD),
        figure("the same, model process warm", "ms", warm, _WARM),
        figure(f"a step of a run of {turns} turns, LiteLLM and server included", "ms", steps),
        figure("the same without these: engine and loop, and the way to the model process", "ms", rest, _STEP),
        figure("a call of the model alone, LiteLLM and server included", "ms", bare),
        figure("the same by LiteLLM's Router, without us", "ms", alone),
        figure("what is ours of it, above the median of the Router's", "ms", ours, _OURS),
    ]


@asynccontextmanager
async def _worker(house: Household) -> AsyncIterator[tuple[Parts, Runner]]:
    parts = build_parts(house.home)
    runner = Runner(parts, "terminal", 1)
    try:
        yield parts, runner
    finally:
        runner.close()
        if parts.model is not None:
            await parts.model.close()
        parts.thread.close()


async def _first_request(service: Service, runner: Runner, server: ModelServer) -> float:
    """Give the milliseconds from submitting until the first byte of the request is there."""
    before = len(server.calls)
    began = time.monotonic()
    task = service.submit(asked("hello"))
    await runner.do_one(task.run_id)
    return (server.calls[before].arrived - began) * 1000


async def _bare_calls(parts: Parts, rounds: int) -> list[float]:
    if parts.model is None:
        raise RuntimeError("the household has no model")
    request = ModelRequest("fast", ({"role": "user", "content": "hello"},))
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        await parts.model.complete(request, _PLENTY)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def _answering(service: Service, task: Task) -> float:
    """Give the seconds that LiteLLM and the server took, as the model process measured them."""
    outputs = [step.output or {} for step in service.reads.steps(task.run_id)]
    return sum(float(attempt["seconds"]) for output in outputs for attempt in output.get("attempts", ()))


def _router_alone(url: str, rounds: int) -> list[float]:
    """Make calls in a process of their own; the first is left out, which loads what LiteLLM needs."""
    command = [sys.executable, "-m", "tests.benchmarks.router_alone", url, str(rounds + 1)]
    done = subprocess.run(command, capture_output=True, check=True)
    taken: list[float] = json.loads(done.stdout.splitlines()[-1])
    return taken[1:]


def _configure(house: Household, server: ModelServer) -> None:
    entry = {
        "model_name": "local",
        "litellm_params": {"model": "openai/test-model", "api_base": server.url, "api_key": "none"},
        "model_info": {"max_input_tokens": 200_000},
    }
    # JSON is YAML.
    (house.config / "models.yaml").write_text(json.dumps({"model_list": [entry], "tiers": {"fast": ["local"]}}))
