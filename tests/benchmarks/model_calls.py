"""Tasks that a model does, by LiteLLM and a server on loopback: the first request, cold and warm, and a turn.

A server answers at once, so that what is left is ours and LiteLLM's.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from daemon.app.compose import build_parts
from daemon.domain.limits import Usage
from daemon.domain.model import ModelRequest
from daemon.engine.parts import Parts
from daemon.engine.runner import Runner
from daemon.engine.service import Service
from tests.benchmarks.figure import Figure, figure
from tests.benchmarks.household import Household, asked, household
from tests.benchmarks.setting import Setting
from tests.rigs.model_server import Asked, Call, ModelServer, Said, Text

_COLD, _WARM = 2200.0, 50.0
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
    cold, warm, steps = [], [], []
    for _ in range(setting.rounds(3, 1)):
        async with _worker(house) as (parts, runner):
            cold.append(await _first_request(service, runner, server))
            for _ in range(setting.rounds(15)):
                warm.append(await _first_request(service, runner, server))
            began = time.perf_counter()
            task = service.submit(asked("a long one"))
            await runner.do_one(task.run_id)
            steps.append((time.perf_counter() - began) * 1000 / (2 * turns))
            bare = await _bare_calls(parts, setting.rounds(60))
    return [
        figure("submit until the model's server has the request, model process cold", "ms", cold, _COLD),
        figure("the same, model process warm", "ms", warm, _WARM),
        figure(f"a step of a run of {turns} turns, LiteLLM and server included", "ms", steps),
        figure("a call of the model alone, LiteLLM and server included", "ms", bare),
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


def _configure(house: Household, server: ModelServer) -> None:
    entry = {
        "model_name": "local",
        "litellm_params": {"model": "openai/test-model", "api_base": server.url, "api_key": "none"},
        "model_info": {"max_input_tokens": 200_000},
    }
    # JSON is YAML.
    (house.config / "models.yaml").write_text(json.dumps({"model_list": [entry], "tiers": {"fast": ["local"]}}))
