"""What a server saw: every byte, every request, everything that went wrong in it."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.rigs.model_server.request import Request
from tests.rigs.model_server.usage import Usage


@dataclass(slots=True)
class Book:
    """Written by the server's thread, read by the test's; with `record` also by who reads that file after a kill."""

    record: Path | None = None
    requests: list[Request] = field(default_factory=list)
    calls: list[Request] = field(default_factory=list)
    received: dict[int, bytearray] = field(default_factory=dict)
    troubles: list[Exception] = field(default_factory=list)

    def connected(self) -> int:
        """Count a connection; gives its number, from 1."""
        number = len(self.received) + 1
        self.received[number] = bytearray()
        return number

    def arrived(self, request: Request) -> None:
        """Keep a request, before it is answered."""
        self.requests.append(request)
        told = {
            "number": request.number,
            "arrived": request.arrived,
            "method": request.method,
            "target": request.target,
            "headers": dict(request.headers),
            "body": request.body.decode("utf-8", "backslashreplace"),
        }
        self._write({"request": told})

    def billed(self, request: Request, usage: Usage, cost: float) -> None:
        """Keep what the answer to a request costs, before it is given."""
        request.usage, request.cost = usage, cost
        self._write({"billed": {"number": request.number, "cost": cost} | asdict(usage)})

    def everything(self) -> bytes:
        """Give all bytes that came, connection after connection, also those that made no whole request."""
        return b"".join(self.received.values())

    def _write(self, told: dict[str, Any]) -> None:
        if self.record is None:
            return
        # One write for a line, so that a kill leaves it whole or not there.
        descriptor = os.open(self.record, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, json.dumps(told).encode() + b"\n")
        finally:
            os.close(descriptor)
