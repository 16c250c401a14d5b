"""getUpdates: takes what waits, or holds the request until something comes."""

import asyncio
import contextlib
from typing import Any

from tests.rigs.bot_server.fields import Fields
from tests.rigs.bot_server.refusal import Refused
from tests.rigs.bot_server.telegram import Telegram
from tests.rigs.bot_server.updates import Told

MOST_SECONDS = 50
_OTHER = "terminated by other getUpdates request; make sure that only one bot instance is running"
_WEBHOOK = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


class _Hold:
    """One request that is held."""

    def __init__(self) -> None:
        self._news = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._refusal: Refused | None = None

    def wake(self) -> None:
        """Look again, told from any thread."""
        with contextlib.suppress(RuntimeError):  # the server has just ended
            self._loop.call_soon_threadsafe(self._news.set)

    def end(self, refusal: Refused) -> None:
        """Be refused."""
        self._refusal = refusal
        self.wake()

    async def news(self, seconds: float) -> None:
        """Wait for something new or for the time to be over; raises Refused."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), seconds)
        self._news.clear()
        if self._refusal is not None:
            raise self._refusal


class Polling:
    """Holds one request at a time: a second one that has to be held ends the first."""

    def __init__(self, telegram: Telegram) -> None:
        """Take updates from there."""
        self._telegram = telegram
        self._hold: _Hold | None = None

    @property
    def held(self) -> bool:
        """Say whether a request is held now."""
        return self._hold is not None

    def end(self, refusal: Refused) -> None:
        """Refuse the request that is held, told from any thread."""
        if self._hold is not None:
            self._hold.end(refusal)

    async def updates(self, fields: Fields) -> Told:
        """Give updates, at once or after a while; raises Refused."""
        telegram = self._telegram
        offset, limit = fields.integer("offset"), fields.integer("limit", 100, 1, 100)
        seconds = fields.integer("timeout", 0, 0, MOST_SECONDS)
        with telegram.lock:
            if telegram.account.webhook:
                raise Refused(_WEBHOOK, 409)
            kinds = fields.decoded("allowed_updates", "allowed_updates")
            if isinstance(kinds, list):
                telegram.updates.allow([kind for kind in kinds if isinstance(kind, str)])
            found = telegram.updates.take(offset, limit)
        if found or not seconds:
            return found
        self.end(Refused(_OTHER, 409))
        self._hold = hold = _Hold()
        try:
            return await self._held(hold, offset, limit, telegram.clock.now() + seconds)
        finally:
            if self._hold is hold:
                self._hold = None

    async def _held(self, hold: _Hold, offset: int, limit: int, until: float) -> Told:
        telegram = self._telegram
        ends: list[Any] = [telegram.updates.watch(hold.wake), telegram.clock.when_jumped(hold.wake)]
        try:
            while True:
                with telegram.lock:
                    found = telegram.updates.take(offset, limit)
                left = until - telegram.clock.now()
                if found or left <= 0:
                    return found
                await hold.news(left)
        finally:
            for end in ends:
                end()
