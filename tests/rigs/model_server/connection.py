"""One connection: requests in, answers out, until one side has had enough."""

import asyncio
import socket
import struct
import time
from collections.abc import Callable, Iterator

from tests.rigs.model_server.book import Book
from tests.rigs.model_server.http11 import LAST_CHUNK, MalformedError, chunk, head_bytes, read_head, take_body
from tests.rigs.model_server.packet import Packet
from tests.rigs.model_server.request import Request
from tests.rigs.model_server.transit import Halt, Transit


class Connection(asyncio.Protocol):
    """Serves one client after the rules of HTTP/1.1, and breaks them where a `Halt` says so."""

    def __init__(
        self,
        book: Book,
        open_ones: set["Connection"],
        answer: Callable[[Request], Packet],
        close_port: Callable[[float], None],
    ) -> None:
        """Be in `open_ones` until closed; `answer` answers a request, `close_port` refuses connections for seconds."""
        self._book = book
        self._open_ones = open_ones
        self._answer = answer
        self._close_port = close_port
        self._number = book.connected()
        self._inbox = bytearray()
        self._began = 0.0
        self._news = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()
        self._gone = False
        self._current: Request | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to serve."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._open_ones.add(self)
        self._serving = asyncio.get_running_loop().create_task(self._serve())

    def data_received(self, data: bytes) -> None:
        """Keep what came."""
        if not self._inbox:
            self._began = time.monotonic()
        self._book.received[self._number] += data
        self._inbox += data
        self._news.set()

    def eof_received(self) -> None:
        """Take it that the client is gone: none of a model reads an answer after it stopped to write."""
        self._leave()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop answering."""
        self._open_ones.discard(self)
        self._leave()

    def pause_writing(self) -> None:
        """Wait: the client does not read."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """Go on."""
        self._writable.set()

    def drop(self) -> None:
        """End it at once, as the end of the whole server does."""
        self._current = None
        self._serving.cancel()
        self._transport.abort()

    def _leave(self) -> None:
        self._gone = True
        self._news.set()
        if self._current is not None:
            if not self._current.answered:
                self._current.closed_early = True
            self._serving.cancel()

    async def _serve(self) -> None:
        try:
            while (request := await self._next()) is not None:
                if not await self._respond(request):
                    break
        except asyncio.CancelledError:
            return
        except MalformedError as problem:
            self._book.troubles.append(problem)
        finally:
            self._transport.close()

    async def _next(self) -> Request | None:
        """Read the next request; None once the client is gone."""
        while (end := self._inbox.find(b"\r\n\r\n")) < 0:
            if not await self._more():
                return None
        head = bytes(self._inbox[: end + 4])
        method, target, version, headers = read_head(head)
        del self._inbox[: end + 4]
        if headers.get("expect", "").lower() == "100-continue":
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        while (taken := take_body(self._inbox, headers)) is None:
            if not await self._more():
                return None
        body, length = taken
        del self._inbox[:length]
        number = len(self._book.requests) + 1
        request = Request(number, self._number, self._began, method, target, version, headers, head, body)
        self._book.arrived(request)
        self._began = time.monotonic()
        return request

    async def _more(self) -> bool:
        if self._gone:
            return False
        self._news.clear()
        await self._news.wait()
        return True

    async def _respond(self, request: Request) -> bool:
        """Answer one request; False where the connection ends with it."""
        packet = self._answer(request)
        if self._gone:
            request.closed_early = True
            return False
        self._current = request
        keeps = request.version == "HTTP/1.1" and request.headers.get("connection", "").lower() != "close"
        done = await self._send(request, packet)
        self._current = None
        return done and keeps

    async def _send(self, request: Request, packet: Packet) -> bool:
        headers, pieces = packet.prepared(request)
        transit = packet.transit
        halt = transit.halt
        if halt is not None and halt.after < 0:
            return await self._stop(halt, chunked=False)
        await self._write_head(head_bytes(packet.status, headers), transit)
        await asyncio.sleep(transit.first)
        chunked = "transfer-encoding" in headers
        for count, (piece, last) in enumerate(_marked(pieces)):
            if halt is not None and count == halt.after:
                return await self._stop(halt, chunked=chunked)
            if count:
                await asyncio.sleep(transit.between)
            ends = last and halt is None
            request.answered = request.answered or ends
            await self._write((chunk(piece) if piece else b"") + LAST_CHUNK * ends if chunked else piece)
        return request.answered if halt is None else await self._stop(halt, chunked=chunked)

    async def _write_head(self, head: bytes, transit: Transit) -> None:
        if not transit.head:
            await self._write(head)
            return
        for at in range(len(head)):
            await self._write(head[at : at + 1])
            await asyncio.sleep(transit.head / len(head))

    async def _write(self, data: bytes) -> None:
        self._transport.write(data)
        # Others get their turn also where the client reads as fast as this writes.
        await asyncio.sleep(0)
        await self._writable.wait()

    async def _stop(self, halt: Halt, *, chunked: bool) -> bool:
        if halt.closed_for:
            self._close_port(halt.closed_for)
        if halt.how == "hang":
            await asyncio.Event().wait()
        if halt.how == "reset":
            # Closing a socket that lingers for no time sends RST (socket(7), SO_LINGER).
            own: socket.socket = self._transport.get_extra_info("socket")
            own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._transport.abort()
        if halt.how == "end" and chunked and self._current is not None:
            self._current.answered = True
            await self._write(LAST_CHUNK)
            return True
        return False


def _marked(pieces: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Give each piece and whether it is the last; an empty body has one empty piece."""
    before = next(pieces, b"")
    for piece in pieces:
        yield before, False
        before = piece
    yield before, True
