"""A port of loopback that can be closed and opened again while it stays reserved."""

import asyncio
import socket
from collections.abc import Callable

Factory = Callable[[], asyncio.Protocol]


class Port:
    """Accepts connections while it is open; while it is closed they are refused. Used in the loop's thread only."""

    def __init__(self, host: str, number: int, factory: Factory) -> None:
        """Reserve it; 0 is any that is free."""
        self.address = (host, number)
        self._factory = factory
        self._server: asyncio.Server | None = None
        self._reserve()

    async def open(self) -> None:
        """Take connections."""
        if self._server is None:
            loop = asyncio.get_running_loop()
            self._server = await loop.create_server(self._factory, sock=self._bound, backlog=128)

    def shut(self) -> None:
        """Refuse connections from this moment on; those that were made stay."""
        if self._server is not None:
            self._server.close()
            self._server = None
            # The loop has closed it, and only binding it again keeps others from it.
            self._reserve()

    def free(self) -> None:
        """Give it up."""
        self.shut()
        self._bound.close()

    def _reserve(self) -> None:
        """Bind the port without listening on it: connections are refused, and nobody else gets it."""
        # By the name of the protocol asyncio knows that it may send without delay (TCP_NODELAY).
        self._bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._bound.bind(self.address)
        self._bound.setblocking(False)
        self.address = self._bound.getsockname()
