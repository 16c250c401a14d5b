"""What a server saw: every byte, every request, everything that went wrong in it."""

from dataclasses import dataclass, field

from tests.rigs.model_server.request import Request


@dataclass(slots=True)
class Book:
    """Written by the server's thread, read by the test's."""

    requests: list[Request] = field(default_factory=list)
    calls: list[Request] = field(default_factory=list)
    received: dict[int, bytearray] = field(default_factory=dict)
    troubles: list[Exception] = field(default_factory=list)

    def connected(self) -> int:
        """Count a connection; gives its number, from 1."""
        number = len(self.received) + 1
        self.received[number] = bytearray()
        return number

    def everything(self) -> bytes:
        """Give all bytes that came, connection after connection, also those that made no whole request."""
        return b"".join(self.received.values())
