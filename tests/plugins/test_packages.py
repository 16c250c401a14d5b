"""A package is built, installed into a folder of its own, and used by the real command in a process of its own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.rigs.waiting import wait_until

HERE = Path(__file__).parent
AGENT = Path(sys.executable).with_name("agent")
_SUBMIT = """
from daemon.app.compose import open_home, open_service
from daemon.domain.principal import Principal, Role
from daemon.domain.task import NewTask
owner = Principal(Role.OWNER, "slate", "1")
open_service(open_home()).submit(NewTask("which day is 2026-11-26", owner, channel="slate"))
"""


@dataclass
class Installed:
    """The command `agent` in a home of its own, with some packages."""

    target: Path
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "AGENT_HOME": str(self.home / "state"),
            "AGENT_CONFIG": str(self.home / "config"),
            "PYTHONPATH": str(self.target),
            "ALMANAC_SLATE": str(self.home / "slate"),
        }

    def agent(self, *argv: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [AGENT, *argv],
            env=self.environment | variables,
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def tools(self, **variables: str) -> dict[str, Any]:
        done = self.agent("tools", "--json", **variables)
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found


def install(names: Sequence[str], folder: Path) -> Path:
    """Build and install copies of packages, without the network."""
    sources = [shutil.copytree(HERE / name, folder / "sources" / name) for name in names]
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--target", str(folder / "target")]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", *options, *map(str, sources)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "target"


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(["example"], tmp_path_factory.mktemp("example"))


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(["example", "broken"], tmp_path_factory.mktemp("both"))


@pytest.fixture
def installed(example: Path, tmp_path: Path) -> Installed:
    (tmp_path / "config").mkdir(mode=0o700)
    return Installed(example, tmp_path)


@pytest.fixture
def damaged(both: Path, tmp_path: Path) -> Installed:
    (tmp_path / "config").mkdir(mode=0o700)
    return Installed(both, tmp_path)


def test_the_tools_of_a_package_are_listed_with_where_they_come_from(installed: Installed) -> None:
    found = installed.tools()
    theirs = {tool["name"]: tool for tool in found["tools"] if tool["source"] != "built in"}
    assert set(theirs) == {"weekday", "is_leap_year", "keep_day"}
    assert theirs["weekday"]["source"] == "personal-agent-almanac 1.2.0"
    assert theirs["weekday"]["effect"] == "read"
    assert theirs["weekday"]["aliases"] == ["day_of_week"]
    assert found["problems"] == []
    assert "[X] weekday: read, personal-agent-almanac 1.2.0" in installed.agent("tools").stdout


def test_an_agent_of_a_package_does_a_task_with_its_tools(installed: Installed) -> None:
    done = installed.agent("which day is 2026-11-26")
    assert done.returncode == 0, done.stderr
    assert "Thursday" in done.stdout
    shown = json.loads(installed.agent("status", "1", "--json").stdout)
    assert "day.txt" in json.dumps(shown)
    assert installed.agent("replay", "1").returncode == 0


def test_what_the_package_finds_incomplete_is_an_error_that_says_so(installed: Installed) -> None:
    done = installed.agent("which day is someday")
    assert done.returncode == 1
    assert "The result is not complete: 'someday' is no date. That is no day of the week." in done.stdout + done.stderr


def test_the_agent_of_a_package_is_chosen_by_its_name(installed: Installed) -> None:
    done = installed.agent("do", "tell me something", "--agent", "calendar")
    assert done.returncode == 1
    assert "'nothing' is no date" in done.stdout + done.stderr


def test_a_tool_that_is_switched_off_is_not_there(installed: Installed) -> None:
    (installed.home / "config" / "tools.yaml").write_text('disabled: ["week*", delete_file]\n')
    off = {tool["name"]: tool["switched_by"] for tool in installed.tools()["tools"] if not tool["on"]}
    assert off == {"weekday": "tools.yaml, line 1", "delete_file": "tools.yaml, line 1"}
    assert "There is no tool 'day_of_week'" in "".join(_said(installed.agent("which day is 2026-11-26")))
    done = installed.agent("which day is 2026-11-26", AGENT_ENABLE_WEEKDAY="1")
    assert "Thursday" in done.stdout


def _said(done: "subprocess.CompletedProcess[str]") -> tuple[str, str]:
    return done.stdout, done.stderr


def test_a_switch_of_a_tool_that_is_not_there_names_the_nearest(installed: Installed) -> None:
    done = installed.agent("tools", AGENT_ENABLE_WEEKDAYS="0")
    assert done.returncode == 78
    assert "AGENT_ENABLE_WEEKDAYS: there is no such tool. Did you mean 'AGENT_ENABLE_WEEKDAY'?" in done.stderr


def test_a_channel_of_a_package_carries_the_result(installed: Installed) -> None:
    submitted = subprocess.run([sys.executable, "-c", _SUBMIT], env=installed.environment, check=False)
    assert submitted.returncode == 0
    slate = installed.home / "slate"
    with subprocess.Popen([AGENT, "daemon"], env=installed.environment, stderr=subprocess.DEVNULL) as daemon:
        try:
            assert wait_until(lambda: slate.exists() and "Thursday" in slate.read_text(), 60)
        finally:
            daemon.terminate()


EXPECTED = {
    "a-gone": "it cannot be loaded: ModuleNotFoundError: No module named 'no_such_module'.",
    "b-exits": "it cannot be loaded: SystemExit: 3.",
    "c-missing": "it cannot be loaded: AttributeError: module 'broken' has no attribute 'nothing'.",
    "d-class": "Nothing is a class; name an object of it.",
    "e-function": "the function plain is no tool yet; put @tool(Effect.…) before it.",
    "f-taken": "the name read_file is taken (built in).",
    "g-alias": "the name file_write is taken (built in).",
    "h-schema": "says_too_little: its schema gives 'what' no type that JSON Schema has.",
    "i-sync": "not_async: `invoke` must be async.",
    "j-property": "it cannot be looked at: RuntimeError: no name for you.",
}


def test_what_is_wrong_is_reported_and_left_out_and_all_else_works(damaged: Installed) -> None:
    found = damaged.tools()
    names = {tool["name"] for tool in found["tools"]}
    assert {"good", "weekday", "read_file"} <= names
    assert not {"nothing_much", "alias", "says_too_little", "not_async"} & names
    problems = {problem["source"]: problem["reason"] for problem in found["problems"]}
    assert problems == {
        **{f"personal-agent-broken 0.1.0, {name}": reason for name, reason in EXPECTED.items()},
        "personal-agent-broken 0.1.0, half": problems["personal-agent-broken 0.1.0, half"],
    }
    assert len(found["problems"]) == len(EXPECTED) + 2
    assert {p["reason"] for p in found["problems"] if p["source"].endswith("half")} == {
        "half has no method `lacking`.",
        "half has no method `send`.",
    }
    assert "Thursday" in damaged.agent("which day is 2026-11-26").stdout


def test_the_doctor_names_what_was_left_out(damaged: Installed) -> None:
    findings = json.loads(damaged.agent("doctor", "--json").stdout)["findings"]
    (tools,) = [finding for finding in findings if finding["name"] == "tools"]
    assert not tools["ok"]
    assert all(reason in tools["text"] for reason in EXPECTED.values())
    assert "Mend or remove the package" in tools["fix"]


def test_a_switch_for_a_tool_of_a_broken_package_stops_nothing(damaged: Installed) -> None:
    found = damaged.tools(AGENT_ENABLE_A_GONE="1")
    assert [p["source"] for p in found["problems"] if "no such tool" in p["reason"]] == ["AGENT_ENABLE_A_GONE"]
