"""A server on loopback that speaks Telegram's Bot API, with the people behind it."""

import asyncio
import threading
from collections import Counter
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, Self

from tests.rigs.bot_server.account import TOKEN
from tests.rigs.bot_server.answering import Answering, OnRequest, OnTaken
from tests.rigs.bot_server.call import Call
from tests.rigs.bot_server.chat import Chat
from tests.rigs.bot_server.clock import Clock
from tests.rigs.bot_server.connection import CONTROL, Connection
from tests.rigs.bot_server.control import Control
from tests.rigs.bot_server.fault import Fault, Faults, Rule
from tests.rigs.bot_server.inbox import HttpRequest
from tests.rigs.bot_server.journal import Journal
from tests.rigs.bot_server.port import Port
from tests.rigs.bot_server.refusal import unauthorized
from tests.rigs.bot_server.reply import Reply
from tests.rigs.bot_server.telegram import Telegram
from tests.rigs.bot_server.updates import Updates
from tests.rigs.bot_server.user import User


class BotServer:
    """Runs in a thread of its own while the block lasts; then raises what went wrong in it.

    `on_request(method, fields)` hears of each request before it is taken, and may give a fault for it; `on_taken(call)`
    once it had its effect, before anything of the answer is written. Both run in the server's thread, which waits.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        on_request: OnRequest | None = None,
        on_taken: OnTaken | None = None,
    ) -> None:
        """Be the API of the bot with this token."""
        self.telegram = Telegram(token)
        self._faults = Faults()
        self._journal = Journal(self.telegram.clock)
        self._answering = Answering(self.telegram, self._faults, self._journal)
        self._answering.on_request, self._answering.on_taken = on_request, on_taken
        self._control = Control(self)
        self._wanted = (host, port)
        self._ready: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="bot server", daemon=True)
        self._connections: set[Connection] = set()

    def __enter__(self) -> Self:
        """Start it; the port is open when this returns."""
        self._thread.start()
        self._ready.result()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Stop it and drop all connections."""
        self.stop()
        if self._journal.troubles and kind is None:
            raise self._journal.troubles[0]

    @property
    def url(self) -> str:
        """Give its address without a path; requests go to /bot<token>/ and /file/bot<token>/ below it."""
        return f"http://{self._port.address[0]}:{self._port.address[1]}"

    @property
    def port(self) -> int:
        """Give its port."""
        return int(self._port.address[1])

    @property
    def token(self) -> str:
        """Give the bot's token."""
        return self.telegram.account.token

    @property
    def clock(self) -> Clock:
        """Give its time."""
        return self.telegram.clock

    @property
    def updates(self) -> Updates:
        """Give what waits for the bot."""
        return self.telegram.updates

    @property
    def polled(self) -> bool:
        """Say whether a getUpdates is held now."""
        return self._answering.polling.held

    def calls(self, *methods: str) -> list[Call]:
        """Give the requests so far, in the order of their arrival: all, or those of some methods."""
        return self._journal.of(*methods)

    def counts(self) -> Counter[str]:
        """Count the requests so far by their methods, whatever became of them."""
        return self._journal.counts()

    def sent_to(self, chat: Chat | int) -> list[Call]:
        """Give all that left the bot for a chat and had its effect: messages, edits, drafts, actions, words on taps."""
        number = str(chat.id if isinstance(chat, Chat) else chat)
        with self.telegram.lock:
            taps = {tap.id for tap in self.telegram.callbacks.values() if str(tap.message.chat.id) == number}
        effects = [call for call in self._journal.of() if call.taken and not call.method.startswith("get")]
        return [
            call
            for call in effects
            if call.fields.get("chat_id") == number or call.fields.get("callback_query_id") in taps
        ]

    @property
    def troubles(self) -> list[Exception]:
        """Give what went wrong in the server, or in a hook; the end of the block raises the first."""
        return self._journal.troubles

    @property
    def connections(self) -> int:
        """Give how many connections were made."""
        return self._journal.connections

    def user(self, name: str, **facts: Any) -> User:
        """Make a user known: `id`, `last_name`, `username`, `language_code`, `is_premium` are facts."""
        return User(self.telegram, self.telegram.person(name, **facts))

    def group(self, title: str, *members: User) -> Chat:
        """Make a group with the bot in it."""
        return self.telegram.gathering("group", title, *(member.person for member in members))

    def supergroup(self, title: str, *members: User, forum: bool = False) -> Chat:
        """Make a supergroup with the bot in it, perhaps one with topics."""
        return self.telegram.gathering("supergroup", title, *(member.person for member in members), forum=forum)

    def fault(self, fault: Fault, method: str = "", *, chat: int = 0, times: int = 1) -> None:
        """Let something go wrong with the next requests: of a method or all, of a chat or all, so many times."""
        self._faults.add(Rule(fault, method, chat, times))

    def no_faults(self) -> None:
        """Forget the faults that still wait."""
        self._faults.clear()

    def revoke(self, token: str = "") -> None:
        """Make the token worthless, in favour of another, as its owner does at BotFather's."""
        self.telegram.account.token = token or f"{self.telegram.account.id}:AARevokedAndReplaced0000000000000000000"
        self._answering.polling.end(unauthorized())

    def close_port(self) -> None:
        """Refuse connections from now on and drop those there are; the port stays reserved."""
        self._in_loop(self._close_port())

    def close_port_for(self, seconds: float) -> None:
        """Refuse connections for so many real seconds; this returns at once."""
        asyncio.run_coroutine_threadsafe(self._closed_for(seconds), self._loop)

    def open_port(self) -> None:
        """Take connections again."""
        self._in_loop(self._port.open())

    def drop_connections(self) -> None:
        """Drop those there are; new ones are taken."""
        self._in_loop(self._drop())

    def stop(self) -> None:
        """Stop it; once stopped it stays so."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()

    def _in_loop(self, doing: Coroutine[Any, Any, None]) -> None:
        if threading.current_thread() is self._thread:
            # Told by /control or by a hook: done once the request that says so is answered.
            self._later = self._loop.create_task(doing)
        else:
            asyncio.run_coroutine_threadsafe(doing, self._loop).result()

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
        self._port = Port(*self._wanted, self._connection)
        await self._port.open()
        self._ready.set_result(None)
        await self._stopping.wait()
        self._port.shut()
        await self._drop(everything=True)
        self._port.free()

    async def _close_port(self) -> None:
        self._port.shut()
        await self._drop()

    async def _closed_for(self, seconds: float) -> None:
        await self._close_port()
        await asyncio.sleep(seconds)
        await self._port.open()

    async def _drop(self, *, everything: bool = False) -> None:
        # A connection that is just being accepted gets here within these turns of the loop.
        for _ in range(3):
            await asyncio.sleep(0)
        dropped = [one for one in self._connections if everything or not one.controls]
        for connection in dropped:
            connection.drop()
        for connection in dropped:
            await connection.dropped()

    def _connection(self) -> Connection:
        return Connection(self._journal.connected(), self._connections, self._answer, self._journal.troubles)

    async def _answer(self, request: HttpRequest, connection: int) -> tuple[Reply, Call | None]:
        if request.target == CONTROL:
            return self._control.answer(request.body), None
        return await self._answering.answer(request, connection)
