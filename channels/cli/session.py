"""What every command is handed: the house, the screen, and who is typing."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from channels.cli.host import Host
    from channels.cli.screen import Screen
    from daemon.domain.principal import Principal
    from daemon.domain.run import Run
    from daemon.engine.service import Service

Done = TypeVar("Done")

_PATIENCE_SECONDS = 1.0
"""Opening the database and every verb take milliseconds, unless somebody else holds the database."""


class Session:
    """One command of the owner's, from its arguments to its exit code."""

    def __init__(self, host: Host, screen: Screen) -> None:
        """Work for this host and write to this screen."""
        self.host = host
        self.screen = screen
        self._opened = False
        self._impatient = False

    @property
    def service(self) -> Service:
        """Give the verbs and reads; opens the database at the first use."""
        if self._opened:
            return self.host.service
        with self._patience():
            found = self.host.service
        self._opened = True
        return found

    @property
    def owner(self) -> Principal:
        """Give who commands here: the shell account is the proof."""
        from daemon.domain.principal import Principal, Role

        return Principal(Role.OWNER, "cli", str(os.getuid()))

    def act(self, verb: Callable[[Service], Done]) -> Done:
        """Do one of the verbs; says so, once, when the database is kept from it for long."""
        with self._patience():
            return verb(self.host.service)

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

    @contextmanager
    def _patience(self) -> Iterator[None]:
        timer = threading.Timer(_PATIENCE_SECONDS, self._say_it_waits)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _say_it_waits(self) -> None:
        if not self._impatient:
            self._impatient = True
            self.screen.tell("waiting for the database: another program holds it, or the disk is slow")
