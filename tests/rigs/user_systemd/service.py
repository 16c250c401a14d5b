"""The project's unit, installed for a user and used by that user."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.rigs.user_systemd.session import Done, UserSystemd
from tests.rigs.waiting import wait_until

UNIT = "personal-agent.service"
_SHIPPED = Path(__file__).parents[3] / "systemd" / UNIT
_SECONDS = 60.0


class AgentService:
    """The service as its owner sees it: systemctl and agent."""

    def __init__(self, session: UserSystemd) -> None:
        """Install it: the unit as it is, and the command as `setup.sh --link` makes it."""
        self.session = session
        self.unit = session.home / ".config" / "systemd" / "user" / UNIT
        command = session.home / ".local" / "bin" / "agent"
        for path in (self.unit, command):
            path.parent.mkdir(parents=True)
        shutil.copyfile(_SHIPPED, self.unit)
        command.symlink_to(Path(sys.prefix) / "bin" / "agent")
        session.own(session.home)
        session.systemctl("enable", UNIT)

    @property
    def main_pid(self) -> int:
        """Give the process of the daemon; 0 where there is none."""
        return int(self.shown("MainPID"))

    @property
    def group(self) -> str:
        """Give its control group."""
        return self.shown("ControlGroup")

    def shown(self, name: str) -> str:
        """Give what systemd says of the service by that name."""
        return self.session.systemctl("show", UNIT, "--property", name, "--value").strip()

    def do(self, verb: str) -> None:
        """Start it, stop it, …; comes back when systemd does."""
        self.session.systemctl(verb, UNIT)

    def agent(self, *words: str) -> Done:
        """Run `agent`."""
        return self.session.run("agent", *words)

    def add(self, *words: str) -> int:
        """Queue a task."""
        added: int = self._told("add", *words)["task"]["id"]
        return added

    def task(self, task_id: int) -> dict[str, Any]:
        """Give how a task stands, with its one run."""
        told = self._told("status", str(task_id))
        (told["run"],) = told["runs"]
        return told

    def statuses(self, task_id: int) -> list[str]:
        """Give what its run was, one after the other."""
        return [entry["text"] for entry in self._told("logs", str(task_id))["history"] if entry["kind"] == "status"]

    def until(self, seen: Callable[[], object]) -> None:
        """Wait until something is to be seen."""
        assert wait_until(lambda: bool(seen()), _SECONDS), f"it never came\n{self.session.log[-4000:]}"

    def _told(self, *words: str) -> dict[str, Any]:
        done = self.agent(*words, "--json")
        assert done.returncode == 0, f"{words}: {done.stderr}\n{self.session.log[-4000:]}"
        told: dict[str, Any] = json.loads(done.stdout)
        return told
