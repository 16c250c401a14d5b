"""What the terminal is given: the parts of the house, each built when it is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from daemon.domain.host import Machine, Worker
    from daemon.engine.service import Service


class Host(Protocol):
    """The house as a command sees it. Asking for a part builds it; a command pays only for what it uses."""

    @property
    def service(self) -> Service:
        """Give the verbs and reads; the first use opens the database and may raise StoreError or ConfigError."""

    @property
    def worker(self) -> Worker:
        """Give what does runs in this process."""

    def redact(self, text: str) -> str:
        """Give a text without the secrets in it; never fails."""

    @property
    def machine(self) -> Machine:
        """Give the doctor, the sandbox, the skills and the configuration."""
