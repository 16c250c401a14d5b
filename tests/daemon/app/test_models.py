"""`agent models` and `agent agents`: what is configured, what answers, and what is missing."""

import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


class Terminal:
    """The command with a configuration folder of its own, and no key of the machine's."""

    def __init__(self, folder: Path) -> None:
        self.config = folder / "config"
        self.config.mkdir(mode=0o700)
        plain = {name: value for name, value in os.environ.items() if not name.endswith(("_KEY", "_TOKEN"))}
        self.env = plain | {"AGENT_HOME": str(folder / "home"), "AGENT_CONFIG": str(self.config)}

    def __call__(self, *argv: str) -> Said:
        command = [sys.executable, "-m", "daemon.main", *argv]
        done = subprocess.run(command, env=self.env, capture_output=True, check=False, text=True)
        return Said(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def configure(terminal: Terminal, entries: list[dict[str, object]], **more: object) -> None:
    (terminal.config / "models.yaml").write_text(json.dumps({"model_list": entries, **more}))


def entry(name: str, **parameters: object) -> dict[str, object]:
    return {"model_name": name, "litellm_params": {"model": "openai/x", **parameters}}


def test_without_models_it_says_so(terminal: Terminal) -> None:
    done = terminal("models")
    assert done.out.startswith("No model is configured")
    assert json.loads(terminal("models", "--json").out) == {"models": []}


def test_models_are_listed_with_what_is_missing(terminal: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        here = f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        there = entry("there", api_base=here, api_key="none")
        gone = entry("gone", api_base="http://127.0.0.1:9/v1", api_key="none")
        cloud = entry("cloud", api_key="secret/NO_SUCH_KEY_HERE")
        configure(terminal, [there, gone, cloud], tiers={"fast": ["there", "cloud"]})
        lines = terminal("models").out.splitlines()
    assert lines[0] == "Models (3):"
    assert lines[1] == f"  [X] there: openai/x at {here}, yours, for fast"
    assert "nothing answers at http://127.0.0.1:9/v1" in lines[2]
    assert "a provider's, for fast (NO_SUCH_KEY_HERE is not set: agent auth set NO_SUCH_KEY_HERE)" in lines[3]


def test_a_wrong_file_is_said_with_its_lines(terminal: Terminal) -> None:
    configure(terminal, [entry("a", api_key="sk-abcdefghijklmnop")], tiers={"fast": ["b"]})
    done = terminal("models")
    assert done.code == 78
    assert "is the key itself" in done.err
    assert "sk-abcdefghijklmnop" not in done.err
    assert "not in model_list" in done.err


@pytest.mark.parametrize("name", ["general", "code", "research", "fileops"])
def test_the_agents_are_listed(terminal: Terminal, name: str) -> None:
    assert f"\n  {name}: " in terminal("agents").out
    assert name in {agent["name"] for agent in json.loads(terminal("agents", "--json").out)["agents"]}


def test_an_own_agent_takes_the_place_of_a_bundled_one(terminal: Terminal) -> None:
    folder: Path = terminal.config / "agents"
    folder.mkdir(parents=True)
    (folder / "code.yaml").write_text("name: code\ndescription: Mine\nsystem_prompt: x\nmodel_tier: smart\n")
    assert "  code: Mine (asks smart, complexity 1 to 10; offline: no model is configured)" in terminal("agents").out
