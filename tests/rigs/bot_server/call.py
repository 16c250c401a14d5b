"""A request of the bot and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.rigs.bot_server.upload import Upload


@dataclass(slots=True, eq=False)
class Call:
    """One request, by its parameters as text.

    `arrived` is monotonic, `at` the server's own time. `taken` says that it had its effect, whatever became of the
    answer; `delivered` that the client was there when the last byte was written, and did not leave without reading.
    `fault` names what went wrong on purpose, `unread` parameters that this server does not know of.
    """

    number: int
    connection: int
    arrived: float
    at: float
    method: str
    fields: Mapping[str, str]
    uploads: Mapping[str, Upload]
    taken: bool = False
    status: int = 0
    answer: Mapping[str, Any] = field(default_factory=dict)
    delivered: bool = False
    fault: str = ""
    unread: frozenset[str] = frozenset()

    @property
    def result(self) -> Any:
        """Give what was answered, None where it was refused."""
        return self.answer.get("result")

    def json(self) -> dict[str, Any]:
        """Give it for a test in another process."""
        return {
            "number": self.number,
            "connection": self.connection,
            "arrived": self.arrived,
            "at": self.at,
            "method": self.method,
            "fields": dict(self.fields),
            "uploads": {name: [one.name, one.size] for name, one in self.uploads.items()},
            "taken": self.taken,
            "status": self.status,
            "answer": dict(self.answer),
            "delivered": self.delivered,
            "fault": self.fault,
            "unread": sorted(self.unread),
        }
