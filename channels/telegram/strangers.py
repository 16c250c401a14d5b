"""Who is not the owner: they get nothing, but for a code while the owner has opened the door."""

import time
from typing import Any

from channels.telegram.api import Api
from channels.telegram.place import Place
from channels.telegram.reading import CHANNEL, Read
from channels.telegram.text.formatted import plain
from daemon.domain.errors import AgentError
from daemon.domain.ports import InStore
from daemon.domain.words import Words
from daemon.engine.service import Service

_OWNER_AND_BOT = 2
_REMEMBERED_SECONDS = 60.0


class Strangers:
    """Counts them, and lets them ask to be paired."""

    def __init__(self, api: Api, service: Service, store: InStore, say: Words, log: Any) -> None:
        """Answer by this bot."""
        self._api = api
        self._service = service
        self._store = store
        self._say = say
        self._log = log
        self._alone: dict[int, tuple[float, bool]] = {}
        self.seen = 0

    async def see(self, one: Read) -> None:
        """Count somebody; in a private chat, while the door is open, show a code."""
        self.seen += 1
        if not one.private or one.message.details.get("tap_id"):
            return
        code = await self._store.call(
            self._service.post.ask_to_pair, CHANNEL, str(one.user), one.name, one.message.external_thread
        )
        if code is None:
            return
        shown = f"{code[:4]}-{code[4:]}"
        try:
            await self._api.send_text(
                Place.of(one.message.external_thread), plain(self._say.say("pairing.code", code=shown))
            )
        except AgentError as problem:
            self._log.warning("a code could not be shown", why=str(problem))

    async def alone(self, one: Read) -> bool:
        """Say whether nobody but the owner reads along; in a group with others nothing is taken and nothing said."""
        if one.private:
            return True
        known = self._alone.get(one.chat)
        if known is None or time.monotonic() - known[0] > _REMEMBERED_SECONDS:
            known = (time.monotonic(), await self._counted(one.chat))
            self._alone[one.chat] = known
            if not known[1]:
                self._log.warning("silent in a group with others", chat=one.chat)
        return known[1]

    async def _counted(self, chat: int) -> bool:
        try:
            return await self._api.members(chat) <= _OWNER_AND_BOT
        except Exception as problem:  # noqa: BLE001 - who cannot be counted may read along
            self._log.warning("a group's members cannot be counted", chat=chat, why=str(problem))
            return False
