"""Who is not the owner: they get nothing, but for a code while the owner has opened the door."""

from typing import Any

from channels.telegram.api import Api
from channels.telegram.place import Place
from channels.telegram.reading import CHANNEL, Read
from channels.telegram.text.formatted import plain
from daemon.domain.errors import AgentError
from daemon.domain.ports import InStore
from daemon.domain.words import Words
from daemon.engine.service import Service


class Strangers:
    """Lets them ask to be paired."""

    def __init__(self, api: Api, service: Service, store: InStore, say: Words, log: Any) -> None:
        """Answer by this bot."""
        self._api = api
        self._service = service
        self._store = store
        self._say = say
        self._log = log

    async def see(self, one: Read) -> None:
        """Show somebody a code, in a private chat and while the door is open; else do nothing at all."""
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
