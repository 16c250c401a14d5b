"""What the terminal is given: each part is built when it is first asked for."""

import os
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from daemon.app.foreground import ForegroundWorker
    from daemon.app.machine import OwnMachine
    from daemon.engine.parts import Parts
    from daemon.engine.service import Service
    from daemon.store.home import Home


class Rooms:
    """The port `Host` of the terminal: each part is built when it is first asked for."""

    def __init__(self, build: "Callable[[Home], Parts] | None" = None) -> None:
        """Build what workers work with by `build`, or as the product does."""
        self._build = build

    @cached_property
    def home(self) -> "Home":
        """Give the state folder, its database open."""
        from daemon.app.compose import open_home

        return open_home()

    @cached_property
    def service(self) -> "Service":
        """Give the verbs."""
        from daemon.app.compose import open_service

        return open_service(self.home)

    @cached_property
    def worker(self) -> "ForegroundWorker":
        """Give what does runs in this process."""
        from daemon.app.compose import build_channels, build_parts
        from daemon.app.foreground import ForegroundWorker

        return ForegroundWorker(self.home, self._build or build_parts, build_channels)

    def redact(self, text: str) -> str:
        """Give a text for the screen or a file without the secrets in it, whatever else may be broken."""
        from daemon.app.compose import build_redactor
        from daemon.domain.errors import AgentError
        from daemon.engine.redaction.redactor import Redactor
        from daemon.settings.places import state_folder
        from daemon.settings.secret import known_secrets
        from daemon.store.home import Home

        try:
            return build_redactor(Home(state_folder())).text(text)
        except AgentError:
            return Redactor(known_secrets(), os.urandom(32)).text(text)

    @cached_property
    def machine(self) -> "OwnMachine":
        """Give the doctor, the sandbox, the skills and the configuration."""
        from daemon.app.machine import OwnMachine

        return OwnMachine(lambda: self.home, self.redact)
