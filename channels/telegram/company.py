"""Who reads along in a chat: where others do, nothing is taken and nothing is said."""

import time
from typing import Any

from channels.telegram.api import Api

_OWNER_AND_BOT = 2
_REMEMBERED_SECONDS = 60.0


class Company:
    """Counts the members of groups, now and then."""

    def __init__(self, api: Api, log: Any) -> None:
        """Ask by this bot."""
        self._api = api
        self._log = log
        self._alone: dict[int, tuple[float, bool]] = {}

    async def alone(self, chat: int) -> bool:
        """Say whether nobody but the owner reads along in a chat; one with a single person has a positive number."""
        if chat > 0:
            return True
        known = self._alone.get(chat)
        if known is None or time.monotonic() - known[0] > _REMEMBERED_SECONDS:
            known = (time.monotonic(), await self._counted(chat))
            self._alone[chat] = known
            if not known[1]:
                self._log.warning("silent in a group with others", chat=chat)
        return known[1]

    def changed(self, chat: int) -> None:
        """Count anew: somebody came or went."""
        self._alone.pop(chat, None)

    async def _counted(self, chat: int) -> bool:
        try:
            return await self._api.members(chat) <= _OWNER_AND_BOT
        except Exception as problem:  # noqa: BLE001 - who cannot be counted may read along
            self._log.warning("a group's members cannot be counted", chat=chat, why=str(problem))
            return False
