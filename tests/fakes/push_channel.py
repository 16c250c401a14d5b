"""A channel that messages are pushed through; what arrives is counted at the counting server."""

import asyncio

from daemon.domain.errors import AgentError
from daemon.domain.message import Outgoing
from tests.fakes.count_tool import Caller


def key_of(message_id: int, *, repeated: bool) -> str:
    """Name a message at the counting server; one that was marked as a possible repeat has a key of its own."""
    return f"{'again' if repeated else 'push'}/{message_id}"


class PushChannel:
    """The port `Channel`. One that `remembers` can look up what it sent before a crash."""

    def __init__(self, url: str, name: str = "push", *, remembers: bool = False) -> None:
        """Send to the counting server at `url`."""
        self.name = name
        self._caller = Caller(url)
        self._remembers = remembers

    async def send(self, message: Outgoing) -> str:
        """Count the message."""
        key = key_of(message.id, repeated=message.repeated)
        try:
            await asyncio.to_thread(self._caller.count, key)
        except ConnectionRefusedError as problem:
            raise AgentError("The other side is not there.", "It is tried again.") from problem
        return key

    async def sent_before(self, message: Outgoing) -> str | None:
        """Ask the server, where this channel remembers."""
        key = key_of(message.id, repeated=message.repeated)
        if not self._remembers:
            return None
        counted = await asyncio.to_thread(self._caller.counted, key)
        return key if counted else None
