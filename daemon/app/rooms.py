"""What the terminal is given: each part is built when it is first asked for."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from daemon.app.compose import build_parts, open_home, open_service
from daemon.engine.service import Service
from daemon.store.home import Home

if TYPE_CHECKING:
    from daemon.app.foreground import ForegroundWorker
    from daemon.app.machine import OwnMachine
    from daemon.engine.parts import Parts


class Rooms:
    """The port `Host` of the terminal: each part is built when it is first asked for."""

    def __init__(self, build: "Callable[[Home], Parts]" = build_parts) -> None:
        """Build what workers work with by `build`."""
        self._build = build

    @cached_property
    def home(self) -> Home:
        """Give the state folder, its database open."""
        return open_home()

    @cached_property
    def service(self) -> Service:
        """Give the verbs."""
        return open_service(self.home)

    @cached_property
    def worker(self) -> "ForegroundWorker":
        """Give what does runs in this process."""
        from daemon.app.foreground import ForegroundWorker

        return ForegroundWorker(self.home, self._build)

    @cached_property
    def machine(self) -> "OwnMachine":
        """Give the doctor, the sandbox, the skills and the configuration."""
        from daemon.app.machine import OwnMachine

        return OwnMachine(lambda: self.home)
