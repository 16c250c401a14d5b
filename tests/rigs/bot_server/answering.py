"""From a request to its answer: faults, tokens, limits, and what the method says."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from tests.rigs.bot_server.call import Call
from tests.rigs.bot_server.fault import Fault, Faults
from tests.rigs.bot_server.fields import Fields, read_fields
from tests.rigs.bot_server.inbox import HttpRequest
from tests.rigs.bot_server.journal import Journal
from tests.rigs.bot_server.methods import METHODS, NAMES
from tests.rigs.bot_server.methods.described import Described
from tests.rigs.bot_server.polling import Polling
from tests.rigs.bot_server.refusal import Refused, unauthorized
from tests.rigs.bot_server.reply import Reply
from tests.rigs.bot_server.telegram import Telegram

OnRequest = Callable[[str, Mapping[str, str]], Fault | None]
"""Hears of a request before it is taken; what it gives goes wrong with it."""
OnTaken = Callable[[Call], None]
"""Hears of a request that had its effect, before anything of the answer is written."""
DOWNLOAD = "download"
"""What faults call the fetching of a file, which is no method of the API."""


class Answering:
    """Answers requests one by one, in the order in which they came."""

    def __init__(self, telegram: Telegram, faults: Faults, journal: Journal) -> None:
        """Answer from there."""
        self.polling = Polling(telegram)
        self.on_request: OnRequest | None = None
        self.on_taken: OnTaken | None = None
        self._telegram = telegram
        self._faults = faults
        self._journal = journal

    async def answer(self, request: HttpRequest, connection: int) -> tuple[Reply, Call | None]:
        """Answer a request of a connection."""
        path, _, query = request.target.partition("?")
        kind, _, rest = unquote(path).lstrip("/").partition("/")
        if kind == "file":
            token, _, file_path = rest.removeprefix("bot").partition("/")
            method, fields, refusal = DOWNLOAD, Fields({"path": file_path}), None
        else:
            token = kind.removeprefix("bot") if kind.startswith("bot") else ""
            method = NAMES.get(rest.lower(), rest)
            fields, refusal = _read(query, request)
        call = self._journal.arrived(connection, method, fields)
        if refusal is not None:
            return self._told(call, refusal.json(), refusal.status), call
        try:
            return await self._unless_faulty(call, fields, token), call
        finally:
            call.unread = frozenset(fields.unread)

    async def _unless_faulty(self, call: Call, fields: Fields, token: str) -> Reply:
        fault = self._fault(call)
        if fault is not None and fault.when == "before":
            early = await fault.instead(None)
            if early is not None:
                call.status = early.status if early.cut is None else 0
                return early
        reply = await self._reply(call, fields, token)
        taken = self.on_taken
        if taken is not None and call.taken:
            self._heard(lambda: taken(call))
        late = await fault.instead(reply) if fault is not None and fault.when == "after" else None
        return late or reply

    def _fault(self, call: Call) -> Fault | None:
        asked = self.on_request
        told: Fault | None = self._heard(lambda: asked(call.method, call.fields)) if asked is not None else None
        fault = told or self._faults.take(call.method, call.fields)
        call.fault = type(fault).__name__ if fault is not None else ""
        return fault

    def _heard(self, hook: Callable[[], Any]) -> Any:
        """Call a hook of the test; what goes wrong in it fails the test."""
        try:
            return hook()
        except Exception as problem:  # noqa: BLE001 - any
            self._journal.troubles.append(problem)
            return None

    async def _reply(self, call: Call, fields: Fields, token: str) -> Reply:
        try:
            with self._telegram.lock:
                self._check_token(token, call.method)
            if call.method == DOWNLOAD:
                return self._download(call, fields)
            result = await self._result(call, fields)
        except Refused as refusal:
            return self._told(call, refusal.json(), refusal.status)
        except asyncio.CancelledError:
            raise
        except Exception as problem:  # noqa: BLE001 - any
            self._journal.troubles.append(problem)
            return self._told(call, Refused("Internal Server Error", 500).json(), 500)
        call.taken = True
        words = {"description": result.description} if isinstance(result, Described) else {}
        told = result.result if isinstance(result, Described) else result
        return self._told(call, {"ok": True, "result": told} | words, 200)

    def _told(self, call: Call, answer: dict[str, Any], status: int) -> Reply:
        call.status, call.answer = status, answer
        return Reply.of(answer, status)

    def _check_token(self, token: str, method: str) -> None:
        account = self._telegram.account
        if not token:
            raise Refused("Not Found", 404)
        if ":" not in token or not token.partition(":")[0].isdecimal():
            raise Refused("Unauthorized: invalid token specified", 401)
        if token != account.token:
            raise unauthorized()
        if self._telegram.clock.now() < account.out_until:
            raise Refused("Logged out")
        account.closed = account.closed and method == "close"

    async def _result(self, call: Call, fields: Fields) -> Any:
        telegram = self._telegram
        if sum(upload.size for upload in fields.uploads.values()) > telegram.upload_bytes:
            raise Refused("Request Entity Too Large", 413)
        if call.method == "getUpdates":
            return await self.polling.updates(fields)
        method = METHODS.get(call.method)
        if method is None:
            self._journal.troubles.append(NotImplementedError(f"the server does not know the method {call.method!r}"))
            raise Refused("Not Found: method not found", 404)
        with telegram.lock:
            items = fields.decoded("media", "media") if call.method == "sendMediaGroup" else None
            count = len(items) if isinstance(items, list) else 1
            telegram.limits.count(call.method, fields.integer("chat_id"), telegram.clock.now(), count)
            result = method(telegram, fields)
        if call.method == "setWebhook" and telegram.account.webhook:
            self.polling.end(Refused("terminated by setWebhook request", 409))
        if call.method == "logOut":
            self.polling.end(Refused("Logged out"))
        return result

    def _download(self, call: Call, fields: Fields) -> Reply:
        found = self._telegram.files.fetched(fields.text("path"))
        if found is None:
            raise Refused("Not Found", 404)
        call.taken, call.status = True, 200
        return Reply(media="application/octet-stream", body=found.read())


def _read(query: str, request: HttpRequest) -> tuple[Fields, Refused | None]:
    """Read the parameters; where they cannot be read, say why."""
    try:
        return read_fields(query, request.headers.get("content-type", ""), request.body), None
    except Refused as refusal:
        return Fields({}), refusal
