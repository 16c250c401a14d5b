"""A cap is a cap: eight runs at once on priced models, with fallbacks, retries and a model process that is killed."""

import asyncio
import json
import random
from pathlib import Path
from typing import Any

import pytest

from daemon.domain.approval import ApprovalState
from daemon.domain.run import RunStatus
from tests.agents.loop.house import OWNER, House, house
from tests.agents.sandbox.test_endings import until
from tests.rigs.model_server import Asked, Call, Failure, Halt, ModelServer, Prices, Reply, Said, Text, Transit

_DOLLAR = 1_000_000
PRICE = Prices(6.0, 24.0)


def faulty(seed: int) -> Any:
    """Answer, fail before the first word, or break off in the middle, as chance has it."""
    chance = random.Random(seed)

    def say(asked: Asked) -> Said:
        words = (
            Text(f"Turn {asked.number} " + "word " * chance.randrange(200)),
            Call("note", {"text": str(asked.number)}),
        )
        kind = chance.random()
        if kind < 0.15:
            return Failure(500)
        if kind < 0.3:
            return Reply(words, transit=Transit(halt=Halt("reset", chance.randrange(1, 20))))
        return Reply(words)

    return say


async def test_eight_runs_never_spend_more_than_the_cap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prices = {"test-model": PRICE}
    with (
        ModelServer("openai", faulty(1), prices=prices) as server,
        ModelServer("openai", faulty(2), prices=prices) as second,
        house(tmp_path, monkeypatch, server) as h,
    ):
        _priced(tmp_path / "config" / "models.yaml", server, second)
        monkeypatch.setenv("AGENT_LIMITS_DAY_MONEY", "1.00")
        tasks = [h.submit(f"task {number}") for number in range(8)]
        async with h.worker() as runner:
            serving = asyncio.create_task(runner.serve())
            kills = 0

            def stopped() -> bool:
                nonlocal kills
                if len(server.calls) // 12 > kills:
                    kills += 1
                    h.kill_the_model_process()
                return _all_stopped(h, [task.run_id for task in tasks])

            await until(stopped)
            runner.stop()
            await serving
        assert kills > 1
        spent = server.cost + second.cost
        booked = sum(h.service.reads.run(task.run_id).usage.money for task in tasks)
        assert 0.3 < spent <= 1.0
        assert spent * _DOLLAR <= booked <= _DOLLAR
        assert any(one.state is ApprovalState.OPEN for one in h.service.reads.approvals())


def _priced(path: Path, *servers: ModelServer) -> None:
    """Write priced models that are not the owner's own."""
    models = [
        {
            "model_name": f"priced-{number}",
            "own": False,
            "litellm_params": {"model": "openai/test-model", "api_base": server.url, "api_key": "none"},
            "model_info": {
                "input_cost_per_token": PRICE.prompt / _DOLLAR,
                "output_cost_per_token": PRICE.completion / _DOLLAR,
                "max_input_tokens": 32_768,
                "max_output_tokens": 300,
            },
        }
        for number, server in enumerate(servers)
    ]
    names = [model["model_name"] for model in models]
    router = {"num_retries": 1, "cooldown_time": 1}
    path.write_text(json.dumps({"model_list": models, "tiers": {"fast": names}, "router_settings": router}))


def _all_stopped(h: House, run_ids: list[int]) -> bool:
    """Say whether every run waits for the budget, or has ended; those that wait for a model try again."""
    stopped = True
    for run_id in run_ids:
        run = h.service.reads.run(run_id)
        if run.status is RunStatus.WAITING and run.waiting_for == "model":
            h.service.resume(run.task_id, OWNER)
            stopped = False
        elif run.status in (RunStatus.PENDING, RunStatus.RUNNING):
            stopped = False
    return stopped
