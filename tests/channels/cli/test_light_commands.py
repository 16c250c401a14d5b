"""The light commands stay light: what a process may load for them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.channels.cli.conftest import Terminal

FOREIGN = {"click", "peewee", "playhouse"}
"""Packages from elsewhere that a light command may load."""

OURS = {"channels", "daemon", "tests"}

HEAVY = {
    "asyncio",
    "http",
    "ssl",
    "subprocess",
    "multiprocessing",
    "concurrent",
    "email",
    "xml",
    "unittest",
    "ctypes",
    "zipfile",
    "importlib.metadata",
    "difflib",
    "urllib.request",
    "readline",
    "sqlite3.dump",
}
"""Of the standard library, what no light command has a use for."""

ENGINE = {
    "daemon.engine.runner",
    "daemon.engine.transfer",
    "daemon.engine.parts",
    "daemon.engine.replay",
    "daemon.app",
    "daemon.settings",
    "daemon.health",
    "daemon.review",
    "agents",
    "skills",
}

_SPY = """
import os, sys
from pathlib import Path
from channels.cli.main import run
from tests.fakes.hosts import StoryHost
code = run(StoryHost(Path(os.environ["AGENT_HOME"])), sys.argv[1:])
sys.stdout.flush()
Path(os.environ["AGENT_TEST_MODULES"]).write_text("\\n".join(sys.modules))
sys.exit(code)
"""


def _loaded(tmp_path: Path, *argv: str) -> set[str]:
    found = tmp_path / "modules"
    environment = {
        "AGENT_HOME": str(tmp_path / "home"),
        "AGENT_TEST_MODULES": str(found),
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
    }
    subprocess.run([sys.executable, "-c", _SPY, *argv], env=environment, check=True, capture_output=True)
    return set(found.read_text().splitlines())


def _of(loaded: set[str], names: set[str]) -> set[str]:
    return {module for module in loaded if any(module == name or module.startswith(f"{name}.") for name in names)}


LIGHT = [
    ("list",),
    ("add", "one more"),
    ("status",),
    ("status", "1"),
    ("approvals",),
    ("workers",),
    ("logs", "1"),
    ("history", "backup"),
    ("pause", "1"),
    ("stats",),
    ("--help",),
    ("list", "--help"),
    (),
]


@pytest.mark.parametrize("argv", LIGHT, ids=[" ".join(argv) or "agent" for argv in LIGHT])
def test_a_light_command_loads_nothing_heavy(terminal: Terminal, tmp_path: Path, argv: tuple[str, ...]) -> None:
    terminal.add()
    bare = set(
        subprocess.run(
            [sys.executable, "-c", "import sys; print('\\n'.join(sys.modules))"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
    )
    loaded = _loaded(tmp_path, *argv) - bare
    tops = {module.partition(".")[0] for module in loaded}
    assert tops - set(sys.stdlib_module_names) - FOREIGN - OURS == set()
    assert _of(loaded, HEAVY) == set()
    assert _of(loaded, ENGINE) == set()


@pytest.mark.parametrize("argv", [("--help",), ("list", "--help"), ("add", "--help"), ()])
def test_help_needs_no_house(terminal: Terminal, tmp_path: Path, argv: tuple[str, ...]) -> None:
    loaded = _loaded(tmp_path, *argv)
    assert _of(loaded, {"peewee", "sqlite3", "daemon.engine", "daemon.store"}) == set()


def test_only_the_file_of_the_command_that_runs_is_loaded(terminal: Terminal, tmp_path: Path) -> None:
    commands = _of(_loaded(tmp_path, "list"), {"channels.cli.commands"})
    assert commands == {"channels.cli.commands", "channels.cli.commands.list_tasks"}
