"""What a server saw, and what went wrong in it."""

import time
from collections import Counter
from dataclasses import dataclass, field

from tests.rigs.bot_server.call import Call
from tests.rigs.bot_server.clock import Clock
from tests.rigs.bot_server.fields import Fields


@dataclass(slots=True)
class Journal:
    """Written by the server's thread, read by the test's."""

    clock: Clock
    calls: list[Call] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)
    connections: int = 0

    def connected(self) -> int:
        """Count a connection; gives its number, from 1."""
        self.connections += 1
        return self.connections

    def arrived(self, connection: int, method: str, fields: Fields) -> Call:
        """Keep a request, before anything is done about it."""
        values = {name: fields.peek(name) for name in fields}
        number, moment = len(self.calls) + 1, self.clock.now()
        call = Call(number, connection, time.monotonic(), moment, method, values, fields.uploads)
        self.calls.append(call)
        return call

    def of(self, *methods: str) -> list[Call]:
        """Give the calls of some methods, or all."""
        return [call for call in self.calls if not methods or call.method in methods]

    def counts(self) -> Counter[str]:
        """Count the calls by their methods."""
        return Counter(call.method for call in self.calls)
