"""The whole way of a task with a model: service, runner, sandbox and LiteLLM are real, the model is a story."""

import json
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from agents.models.models import Models
from daemon.app.compose import build_parts, open_home, open_service
from daemon.domain.principal import Principal, Role
from daemon.domain.run import Run
from daemon.domain.step import Step
from daemon.domain.task import NewTask, Task
from daemon.engine.parts import Parts
from daemon.engine.runner import Runner
from daemon.engine.service import Service
from daemon.store.home import Home
from tests.rigs.model_server import ModelServer

OWNER = Principal(Role.OWNER, "cli", "1000")


@dataclass
class House:
    """A state folder with its service, and the parts of the worker that is there now."""

    home: Home
    service: Service
    server: ModelServer
    parts: list[Parts] = field(default_factory=list)

    def submit(self, goal: str, **more: Any) -> Task:
        return self.service.submit(NewTask(goal=goal, principal=OWNER, **more))

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[Runner]:
        """Be a worker of a process that has just begun."""
        parts = build_parts(self.home)
        self.parts.append(parts)
        runner = Runner(parts, "terminal", 8)
        try:
            yield runner
        finally:
            runner.close()
            if parts.model is not None:
                await parts.model.close()
            parts.thread.close()

    def kill_the_model_process(self) -> None:
        """Kill it as the kernel would, if there is one now."""
        pid = cast(Models, self.parts[-1].model).pid
        if pid is not None:
            os.kill(pid, signal.SIGKILL)

    async def done(self, task: Task) -> Run:
        async with self.worker() as runner:
            await runner.do_one(task.run_id)
        return self.service.reads.run(task.run_id)

    def steps(self, task: Task) -> list[Step]:
        return self.service.reads.steps(task.run_id)


def entry(name: str, url: str, provider: str = "openai", **info: Any) -> dict[str, Any]:
    """Give a model of a models file."""
    parameters = {"model": f"{provider}/test-model", "api_base": url, "api_key": "none"}
    limits = {"max_input_tokens": 32_768, "max_output_tokens": 1024}
    return {"model_name": name, "litellm_params": parameters, "model_info": limits | info}


def models_yaml(folder: Path, models: list[dict[str, Any]], **more: Any) -> None:
    """Write a models file; the first model answers every tier, and then the others."""
    names = [model["model_name"] for model in models]
    tiers = {"fast": names, "smart": names, "cloud": names}
    # JSON is YAML.
    (folder / "models.yaml").write_text(json.dumps({"model_list": models, "tiers": tiers, **more}))


@contextmanager
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: ModelServer, **info: Any) -> Iterator[House]:
    """Open a house whose model is a server's."""
    config = tmp_path / "config"
    config.mkdir(mode=0o700)
    monkeypatch.setenv("AGENT_CONFIG", str(config))
    monkeypatch.setenv("AGENT_HOME", str(tmp_path / "home"))
    models_yaml(config, [entry("local", server.url, **info)])
    home = open_home()
    yield House(home, open_service(home), server)
