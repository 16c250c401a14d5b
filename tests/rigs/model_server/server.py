"""A server on loopback that speaks the wire protocol of a provider of models."""

import asyncio
import socket
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Self

from tests.rigs.model_server.answering import Answering
from tests.rigs.model_server.book import Book
from tests.rigs.model_server.connection import Connection
from tests.rigs.model_server.forms import FORMS
from tests.rigs.model_server.forms.form import House
from tests.rigs.model_server.request import MODEL, Request
from tests.rigs.model_server.story import Story, teller
from tests.rigs.model_server.usage import Prices


class ModelServer:
    """Runs in a thread of its own while the block lasts; then raises what went wrong in the story."""

    def __init__(
        self,
        form: str,
        story: Story,
        *,
        models: Sequence[str] = (MODEL,),
        key: str = "",
        window: int = 0,
        prices: Mapping[str, Prices] | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        record: Path | None = None,
    ) -> None:
        """Take what to say; `window` (tokens) and `key` are not looked at where they are empty.

        To the file `record` a line of JSON is added for each request as it arrives and for each answer as it is billed.
        """
        self._form = FORMS[form]
        self._book = Book(record)
        house = House(tuple(models), key, window)
        self._answering = Answering(self._form, house, teller(story), prices or {}, self._book)
        self._address = (host, port)
        self._ready: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name=f"model server {form}", daemon=True)
        self._connections: set[Connection] = set()
        self._arriving: set[asyncio.Task[None]] = set()
        self._open = False

    def __enter__(self) -> Self:
        """Start it; the port is open when this returns."""
        self._thread.start()
        self._ready.result()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Stop it and drop all connections."""
        self.stop()
        if self._book.troubles and kind is None:
            raise self._book.troubles[0]

    @property
    def origin(self) -> str:
        """Give its address without a path."""
        return f"http://{self._address[0]}:{self._address[1]}"

    @property
    def url(self) -> str:
        """Give what a client of the form takes as its base address."""
        return self.origin + self._form.base

    @property
    def port(self) -> int:
        """Give its port."""
        return self._address[1]

    @property
    def requests(self) -> list[Request]:
        """Give all requests in the order of their arrival."""
        return list(self._book.requests)

    @property
    def calls(self) -> list[Request]:
        """Give the requests that asked the model."""
        return list(self._book.calls)

    @property
    def connections(self) -> int:
        """Give how many connections were made."""
        return len(self._book.received)

    @property
    def received(self) -> bytes:
        """Give every byte that came, also those that made no whole request."""
        return self._book.everything()

    @property
    def cost(self) -> float:
        """Give the dollars that the answers so far are billed."""
        return sum(request.cost for request in self.calls)

    def close_port(self) -> None:
        """Refuse connections from now on and drop those there are; the port stays reserved."""
        asyncio.run_coroutine_threadsafe(self._close_port(), self._loop).result()

    def open_port(self) -> None:
        """Take connections again."""
        asyncio.run_coroutine_threadsafe(self._open_port(), self._loop).result()

    def stop(self) -> None:
        """Stop it; once stopped it stays so."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as problem:
            if self._ready.done():
                raise
            self._ready.set_exception(problem)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self._reserve()
        await self._open_port()
        self._ready.set_result(None)
        await self._stopping.wait()
        await self._close_port()
        self._bound.close()

    def _reserve(self) -> None:
        """Bind the port without listening on it: connections are refused, and nobody else gets it."""
        # By the name of the protocol asyncio knows that it may send without delay (TCP_NODELAY).
        self._bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._bound.bind(self._address)
        self._address = self._bound.getsockname()

    async def _open_port(self) -> None:
        if not self._open:
            self._bound.setblocking(False)
            self._bound.listen(128)
            self._loop.add_reader(self._bound, self._accept)
            self._open = True

    def _accept(self) -> None:
        try:
            accepted, _ = self._bound.accept()
        except OSError:  # gone again
            return
        accepted.setblocking(False)
        arriving = self._loop.create_task(self._connect(accepted))
        self._arriving.add(arriving)
        arriving.add_done_callback(self._arriving.discard)

    async def _connect(self, accepted: socket.socket) -> None:
        await self._loop.connect_accepted_socket(self._connection, accepted)

    def _shut_port(self) -> None:
        """Refuse connections from this moment on."""
        if self._open:
            self._loop.remove_reader(self._bound)
            self._bound.close()
            self._reserve()
            self._open = False

    async def _close_port(self) -> None:
        self._shut_port()
        await asyncio.gather(*self._arriving)
        for connection in tuple(self._connections):
            connection.drop()
        await asyncio.sleep(0)

    def _connection(self) -> Connection:
        return Connection(self._book, self._connections, self._answering.packet, self._close_port_for)

    def _close_port_for(self, seconds: float) -> None:
        self._shut_port()
        self._pause = self._loop.create_task(self._closed_for(seconds))

    async def _closed_for(self, seconds: float) -> None:
        await self._close_port()
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            await self._open_port()
