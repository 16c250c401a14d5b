"""Taking updates: stored and committed first, and only then confirmed to Telegram, by asking for the next.

An update that was stored and not confirmed comes again and is known by its number and its message; numbers alone would
not do, since Telegram begins anew with them after a week of silence.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from channels.telegram.api import HOLD_SECONDS, MOST_UPDATES, Api, TokenRefused
from channels.telegram.company import Company
from channels.telegram.reading import CHANNEL, Read, gatherings, moved, publicity, read, unread
from channels.telegram.strangers import Strangers
from daemon.domain.errors import AgentError, NotNow
from daemon.domain.ports import InStore
from daemon.engine.service import Service

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
_REFUSED_PAUSE = 300.0
"""Seconds until a refused token is tried again: it may have been set anew."""


class Polling:
    """The update loop of one bot."""

    def __init__(
        self,
        api: Api,
        menu: Mapping[str, str],
        service: Service,
        store: InStore,
        strangers: Strangers,
        company: Company,
        came: Callable[[], None],
        log: Any,
    ) -> None:
        """Offer `menu`, store what the owner sends, tell of it by `came`; let `strangers` see to everybody else."""
        self._menu = menu
        self._company = company
        self._api = api
        self._service = service
        self._store = store
        self._strangers = strangers
        self._came = came
        self._log = log
        self._down = 0

    async def serve(self, up: Callable[[str], None]) -> None:
        """Connect and ask for updates until cancelled; `up` is told what keeps it from that."""
        offset, seconds = 0, 0  # the first look says at once whether Telegram can be reached
        live = False
        opened = False
        while True:
            try:
                if not opened:
                    await self._api.open()
                    await self._api.offer(self._menu)
                    opened = True
                found = await self._api.updates(offset, seconds)
                await self._take(found, live=live)
            except Exception as problem:  # noqa: BLE001 - the edge to the network: it is tried again, whatever it was
                await self._rest(problem, up)
                seconds, live = 0, False
                continue
            await self._reached(up)
            seconds = HOLD_SECONDS
            if found:
                offset = int(found[-1]["update_id"]) + 1
            live = len(found) < MOST_UPDATES

    async def _reached(self, up: Callable[[str], None]) -> None:
        up("")
        if self._down:
            self._down = 0
            await self._store.call(self._service.post.reached, CHANNEL)

    async def _rest(self, problem: Exception, up: Callable[[str], None]) -> None:
        why = str(problem) if isinstance(problem, AgentError) else f"Telegram cannot be reached: {problem}."
        if not self._down:
            self._log.warning("telegram is down", why=why)
        up(why)
        pause = min(_FIRST_PAUSE * 2.0**self._down, _LONGEST_PAUSE)
        if isinstance(problem, TokenRefused):
            pause = _REFUSED_PAUSE
        elif isinstance(problem, NotNow):
            pause = problem.seconds
        self._down += 1
        await asyncio.sleep(pause)

    async def _take(self, found: list[dict[str, Any]], *, live: bool) -> None:
        """Store what came; `live`: nothing had waited for us, so that it was sent now, whatever its clock says.

        What raises is asked for again: nothing is confirmed before it is stored.
        """
        if not found:
            return
        for old, new in filter(None, map(moved, found)):
            await self._store.call(self._service.post.move_conversation, CHANNEL, str(old), str(new))
        for chat in (chat for raw in found for chat in gatherings(raw)):
            self._company.changed(chat)
        for chat, public in filter(None, map(publicity, found)):
            self._company.seen(chat, public=public)
        if any("my_chat_member" in raw for raw in found):  # let in again, perhaps
            await self._store.call(self._service.post.reached, CHANNEL)
        owners = await self._store.call(self._owners)
        reads = [one for one in map(self._read, found) if one is not None]
        mine = [one for one in reads if str(one.user) in owners and await self._company.alone(one.chat)]
        now = time.time()
        messages = [replace(one.message, sent_at=now) if live else one.message for one in mine]
        await self._store.call(self._service.post.receive, *messages)
        self._came()
        for one in reads:
            if str(one.user) not in owners:
                await self._strangers.see(one)

    def _owners(self) -> set[str]:
        return {one.who for one in self._service.reads.paired(CHANNEL)}

    def _read(self, raw: dict[str, Any]) -> Read | None:
        """Read an update; one that cannot be read must not hold up those behind it."""
        try:
            return read(raw, self._api.bot)
        except Exception:  # noqa: BLE001 - the edge to the network: whatever it holds
            self._log.exception("an update cannot be read", update=raw.get("update_id"))
            return unread(raw)
