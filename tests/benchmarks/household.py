"""A state folder and a configuration folder of a benchmark's own, and the command `agent` on them."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from daemon.app.compose import open_home, open_service
from daemon.domain.principal import Principal, Role
from daemon.domain.task import NewTask
from daemon.engine.service import Service
from daemon.store import database
from daemon.store.home import Home
from tests.benchmarks.setting import Setting

AGENT = str(Path(sys.executable).with_name("agent"))
OWNER = Principal(Role.OWNER, "cli", str(os.getuid()))


@dataclass(frozen=True, slots=True)
class Household:
    """Where it lies. `environment` is for other processes: theirs is this state, with bytecode kept."""

    home: Home
    config: Path

    @property
    def environment(self) -> dict[str, str]:
        """Give the variables for a process that works here."""
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return kept | {"AGENT_HOME": str(self.home.path), "AGENT_CONFIG": str(self.config)}

    def service(self) -> Service:
        """Open the database for this process and give the verbs."""
        open_home(self.home.path)
        return open_service(self.home)

    def agent(self, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
        """Run `agent` to its end; raises CalledProcessError when it complains."""
        return self.run([AGENT, *arguments])

    def run(self, line: Sequence[str]) -> "subprocess.CompletedProcess[bytes]":
        """Run a program here to its end, without a terminal."""
        return subprocess.run(line, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, check=True)


@contextmanager
def household(setting: Setting, state: Path | None = None) -> Iterator[Household]:
    """Make one that is gone at the end; `state` is an existing state folder to work on, which stays."""
    setting.data.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="household-", dir=setting.data))
    found = Household(Home(state or folder / "state"), folder / "config")
    found.config.mkdir(mode=0o700)
    try:
        with patch.dict(os.environ, {"AGENT_CONFIG": str(found.config), "AGENT_HOME": str(found.home.path)}):
            yield found
    finally:
        database.close()
        shutil.rmtree(folder, ignore_errors=True)


def asked(goal: str) -> NewTask:
    """Make a task of the owner's."""
    return NewTask(goal=goal, principal=OWNER)
