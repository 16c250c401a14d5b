"""Who reads along in a chat: where others do, nothing is taken and nothing is said."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from channels.telegram.api import Api, TokenRefused, Unreachable
from daemon.domain.errors import AgentError, NotNow

_OWNER_AND_BOT = 2
_REMEMBERED_SECONDS = 60.0


class Company:
    """Knows the chats of the owner, and counts the members of groups now and then."""

    def __init__(self, api: Api, owners: Callable[[], Awaitable[set[str]]], log: Any) -> None:
        """Ask by this bot; `owners` gives the accounts that are the owner's now."""
        self._api = api
        self._owners = owners
        self._log = log
        self._alone: dict[int, tuple[float, bool]] = {}
        self._public: set[int] = set()

    async def alone(self, chat: int) -> bool:
        """Say whether nobody but the owner reads along in a chat; one with a single person has a positive number.

        Raises where that cannot be found out just now.
        """
        if chat > 0:
            return str(chat) in await self._owners()
        known = self._alone.get(chat)
        if known is None or time.monotonic() - known[0] > _REMEMBERED_SECONDS:
            known = (time.monotonic(), await self._counted(chat))
            self._alone[chat] = known
            if not known[1]:
                self._log.warning("silent in a group with others", chat=chat)
        return known[1] and chat not in self._public

    def changed(self, chat: int) -> None:
        """Count anew: somebody came or went."""
        self._alone.pop(chat, None)

    def seen(self, chat: int, *, public: bool) -> None:
        """Take it that a group has a public name, or none: one that has can be read by everybody."""
        (self._public.add if public else self._public.discard)(chat)

    async def _counted(self, chat: int) -> bool:
        try:
            return await self._api.members(chat) <= _OWNER_AND_BOT
        except (NotNow, Unreachable, TokenRefused):
            raise
        except AgentError as problem:  # it is not let in, or there is no such chat
            self._log.warning("a group's members cannot be counted", chat=chat, why=str(problem))
            return False
