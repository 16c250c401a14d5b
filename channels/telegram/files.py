"""Files that came along: fetched one after the other, and kept before the message is taken."""

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from channels.rendering.amounts import size
from channels.talk.about import is_confidential
from channels.talk.desk import Desk
from channels.telegram.api import Api
from channels.telegram.grouping import said
from daemon.domain.blob import Blob
from daemon.domain.errors import AgentError, BadInput, NotNow, Undeliverable
from daemon.domain.message import Incoming
from daemon.domain.ports import InStore, Transcriber
from daemon.domain.speech import Recording

MOST_FETCHED = 20_000_000
"""Bytes that the Bot API hands over (https://core.telegram.org/bots/api#getfile)."""
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
_PERHAPS_LATER, _MOST_REFUSALS = "temporarily unavailable", 4
"""Telegram says with the same words that a file is not there and that it is not at hand just now."""


class Files:
    """Fetches what messages speak of."""

    def __init__(self, api: Api, desk: Desk, store: InStore, transcriber: Transcriber | None, log: Any) -> None:
        """Keep files at this desk, and let `transcriber` write down what is spoken."""
        self._api = api
        self._desk = desk
        self._service = desk.service
        self._say = desk.say
        self._store = store
        self._transcriber = transcriber
        self._log = log

    async def along(self, message: Incoming) -> tuple[Incoming, str]:
        """Give a message with its files kept, and remarks for the owner."""
        wanted = message.details.get("files", ())
        if not wanted or message.files or "edited" in message.details:
            return message, ""
        if "seconds" in message.details:
            return await self._transcribed(message, wanted[0])
        kept: list[Blob] = []
        remarks: list[str] = []
        lost: list[str] = []
        with tempfile.TemporaryDirectory(prefix="agent-telegram-") as folder:
            for number, one in enumerate(wanted):
                path = Path(folder) / str(number)
                try:
                    await self._fetched(one, path)
                    kept.append(await self._kept(path, one["name"]))
                except (BadInput, Undeliverable) as problem:
                    remarks.append(self._say.of_error(problem))
                    lost.append(one["name"])
        if kept:
            await self._store.call(self._service.post.keep_with, message, kept)
        if lost:
            message = replace(message, details={**message.details, "not_taken": lost})
        return replace(message, files=tuple(kept)), "\n".join(remarks)

    async def _transcribed(self, message: Incoming, voice: dict[str, Any]) -> tuple[Incoming, str]:
        """Give a message with what was said in it, written down once, and what the owner is to know of that."""
        if "heard" in message.details:
            return message, ""
        if self._transcriber is None:
            return message, self._say.say("reply.no_speech")
        with tempfile.TemporaryDirectory(prefix="agent-telegram-") as folder:
            path = Path(folder) / "voice"
            try:
                await self._fetched(voice, path)
                private = await self._store.call(is_confidential, self._desk, said((message,)))
                seconds = float(message.details["seconds"])
                heard = await self._transcriber.transcribe(Recording(path, _safe(voice["name"]), seconds, private))
            except AgentError as problem:
                return message, self._say.say("reply.not_heard", why=str(problem))
        if not heard:
            return message, self._say.say("reply.nothing_heard")
        message = replace(message, details={**message.details, "heard": heard})
        await self._store.call(self._service.post.write_details, message)
        return message, ""

    async def _fetched(self, one: dict[str, Any], path: Path) -> None:
        """Fetch a file; while Telegram cannot be reached it is tried again."""
        if (one["size"] or 0) > MOST_FETCHED:
            told = {"name": one["name"], "size": size(one["size"]), "most": size(MOST_FETCHED)}
            raise BadInput(self._say.say("reply.too_big_in", **told))
        pause, refusals = _FIRST_PAUSE, 0
        while True:
            try:
                await self._api.fetch(one["id"], path)
            except Undeliverable as refused:
                refusals += 1
                if _PERHAPS_LATER in refused.message and refusals < _MOST_REFUSALS:
                    await asyncio.sleep(pause)
                    continue
                raise BadInput(self._say.say("reply.lost_file", name=one["name"], why=refused.message)) from refused
            except Exception as problem:  # noqa: BLE001 - the edge to the network: it is tried again, whatever it was
                self._log.info("a file is fetched again", why=str(problem))
                await asyncio.sleep(problem.seconds if isinstance(problem, NotNow) else pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            else:
                return

    async def _kept(self, path: Path, name: str) -> Blob:
        def keep() -> Blob:
            return replace(self._service.keep_file(path), name=_safe(name))

        return await self._store.call(keep)


def _safe(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1] or "file"
