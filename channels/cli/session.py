"""What every command is handed: the house, the screen, and who is typing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from channels.cli.host import Host
    from channels.cli.screen import Screen
    from daemon.domain.message import Principal
    from daemon.domain.run import Run
    from daemon.engine.service import Service


class Session:
    """One command of the owner's, from its arguments to its exit code."""

    def __init__(self, host: Host, screen: Screen) -> None:
        """Work for this host and write to this screen."""
        self.host = host
        self.screen = screen

    @property
    def service(self) -> Service:
        """Give the verbs and reads; opens the database at the first use."""
        return self.host.service

    @property
    def owner(self) -> Principal:
        """Give who commands here: the shell account is the proof."""
        from daemon.domain.message import Principal, Role

        return Principal(Role.OWNER, "cli", str(os.getuid()))

    def daemon_lives(self) -> bool:
        """Say whether a daemon takes what is pending."""
        return any(line.worker.kind == "daemon" for line in self.service.reads.workers())

    def moves(self, run: Run) -> bool:
        """Say whether somebody works on this run, or will once it is pending."""
        lines = self.service.reads.workers()
        if any(line.run is not None and line.run.id == run.id for line in lines):
            return True
        held = self.service.reads.task(run.task_id).hold
        return not held and any(line.worker.kind == "daemon" for line in lines)
