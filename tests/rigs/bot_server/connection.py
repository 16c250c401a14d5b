"""One connection: requests in, answers out, until one side has had enough."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Awaitable, Callable

from tests.rigs.bot_server.call import Call
from tests.rigs.bot_server.inbox import HttpRequest, Inbox
from tests.rigs.bot_server.reply import Reply

CONTROL = "/control"
"""Where the server itself is told what to do; a connection that does that outlives outages."""
Answer = Callable[[HttpRequest, int], Awaitable[tuple[Reply, Call | None]]]
"""Answers a request of the connection with this number; the call is what is recorded of it."""


class Connection(asyncio.Protocol):
    """Serves one client. What it asked for while it leaves is taken, but not answered."""

    def __init__(self, number: int, open_ones: set["Connection"], answer: Answer, troubles: list[Exception]) -> None:
        """Be in `open_ones` until closed."""
        self._number = number
        self._open_ones = open_ones
        self._answer = answer
        self._troubles = troubles
        self._inbox = Inbox()
        self._news = asyncio.Event()
        self._written = asyncio.Event()
        self._written.set()
        self.controls = False
        self._gone = False
        self._busy = False
        self._last: Call | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to serve."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        # Then "written" means that the kernel has it all.
        transport.set_write_buffer_limits(0)
        self._open_ones.add(self)
        self._serving = asyncio.get_running_loop().create_task(self._serve())

    def data_received(self, data: bytes) -> None:
        """Keep what came."""
        self._inbox.feed(data)
        self._news.set()

    def eof_received(self) -> None:
        """Take it that the client is gone: none of a bot reads an answer after it stopped to write."""
        self._leave()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop answering. A client that leaves by a reset has not read what was written to it."""
        self._open_ones.discard(self)
        if self._last is not None and (self._busy or isinstance(exc, ConnectionResetError)):
            self._last.delivered = False
        self._leave()

    def pause_writing(self) -> None:
        """Wait: the kernel does not have it all yet."""
        self._written.clear()

    def resume_writing(self) -> None:
        """Go on."""
        self._written.set()

    def drop(self) -> None:
        """End it at once, as the end of the whole server does."""
        self._serving.cancel()
        self._transport.abort()

    async def dropped(self) -> None:
        """Wait until nothing is done for it any more."""
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([self._serving])

    def _leave(self) -> None:
        self._gone = True
        self._news.set()
        if self._busy:
            self._serving.cancel()

    async def _serve(self) -> None:
        try:
            while (request := await self._next()) is not None:
                if not await self._respond(request):
                    break
        except Exception as problem:  # noqa: BLE001 - any, and MalformedError where it is not HTTP
            self._troubles.append(problem)
        finally:
            self._transport.close()

    async def _next(self) -> HttpRequest | None:
        """Read the next request; None once the client is gone."""
        while (request := self._inbox.take()) is None:
            if self._inbox.awaits_leave:
                self._inbox.awaits_leave = False
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            if self._gone:
                return None
            self._news.clear()
            await self._news.wait()
        return request

    async def _respond(self, request: HttpRequest) -> bool:
        """Answer one request; False where the connection ends with it."""
        self._busy, self._last = True, None
        self.controls = request.target == CONTROL
        reply, call = await self._answer(request, self._number)
        # Two turns of the loop, so that a client that was killed meanwhile is seen to be gone.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        if self._gone:
            return False
        told = reply.bytes(keeps=request.keeps)
        if reply.cut is not None:
            await self._reset(told[: reply.cut])
            return False
        self._last = call
        if call is not None:
            # Before it is written, so that a client that has read it finds it so.
            call.delivered = True
        self._transport.write(told)
        await self._written.wait()
        self._busy = False
        return request.keeps and not self._gone

    async def _reset(self, before: bytes) -> None:
        if before:
            self._transport.write(before)
            await self._written.wait()
        # Closing a socket that lingers for no time sends RST (socket(7), SO_LINGER).
        own: socket.socket = self._transport.get_extra_info("socket")
        own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()
