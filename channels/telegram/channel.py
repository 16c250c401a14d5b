"""The channel: built of its parts, alive while the daemon is, and what the outbox sends by."""

import asyncio
import contextlib
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from channels.rendering.rendering import Rendering
from channels.talk.commands import MENU
from channels.talk.desk import Desk
from channels.telegram.api import Api, Moved, ShutOut
from channels.telegram.company import Company
from channels.telegram.files import Files
from channels.telegram.follower import Follower
from channels.telegram.handling import Taker
from channels.telegram.pace import Pace
from channels.telegram.place import Place, called, numbers
from channels.telegram.polling import Polling
from channels.telegram.reading import CHANNEL
from channels.telegram.sending import Sendable, marked, sendables, shown_name
from channels.telegram.strangers import Strangers
from channels.telegram.text.formatted import joined, plain
from daemon.domain.blob import Blob
from daemon.domain.errors import AgentError, Undeliverable
from daemon.domain.message import Outgoing, Part
from daemon.domain.ports import InStore, Transcriber

_MENU_LONGEST = 256


class TelegramChannel:
    """The ports `Channel` and `Living`."""

    name = CHANNEL

    def __init__(
        self, token: str, address: str | None, desk: Desk, transcriber: Transcriber | None, store: InStore, log: Any
    ) -> None:
        """Be the bot with this token; `address` is that of a Bot API server of the owner's, None for Telegram's."""
        self._api = Api(token, address)
        self._desk = desk
        self._transcriber = transcriber
        self._store = store
        self._log = log
        self._rendering = Rendering(desk.service, desk.say)
        self._pace = Pace()
        self._company = Company(self._api, self._owners, log)

    async def serve(self, up: Callable[[str], None]) -> None:
        """Take what comes in and show what goes on, until cancelled."""
        files = Files(self._api, self._desk, self._store, self._transcriber, self._log)
        taker = Taker(self._api, self._desk, self._store, files, self._log)
        strangers = Strangers(self._api, self._desk.service, self._store, self._desk.say, self._log)
        polling = Polling(
            self._api, self._menu(), self._desk.service, self._store, strangers, self._company, taker.came, self._log
        )
        follower = Follower(
            self._api, self._desk.service, self._store, self._rendering, self._pace, self._company, self._log
        )
        try:
            async with asyncio.TaskGroup() as together:
                together.create_task(polling.serve(up))
                together.create_task(taker.serve())
                together.create_task(follower.serve())
        finally:
            with contextlib.suppress(Exception):
                await self._api.close()

    async def _owners(self) -> set[str]:
        return {one.who for one in await self._store.call(self._desk.service.reads.paired, CHANNEL)}

    def _menu(self) -> dict[str, str]:
        return {name: self._desk.say.say(f"command.{name}")[:_MENU_LONGEST] for name in MENU}

    async def send(self, message: Outgoing) -> Part:
        """Send the next part of a message."""
        thread, answers, messages = await self._store.call(self._prepared, message)
        number = len(message.parts)
        place = await self._place_of(thread)
        if number >= len(messages):  # what is recorded has become shorter since
            return Part(message.parts[-1], last=True)
        last = number == len(messages) - 1
        await self._pace.before_a_message(place.chat)
        answered = answers if number == 0 and place.thread == thread else None
        try:
            sent = await self._send_one(place, messages[number], answered)
        except Moved as moved:
            await self._store.call(self._desk.service.post.move_conversation, CHANNEL, thread, str(moved.new))
            raise
        except (Undeliverable, ShutOut) as refused:
            place, sent = await self._by_another_way(place, messages[number], refused)
        self._pace.messages(place.chat)
        return Part(called(place.chat, sent), last)

    async def _by_another_way(self, place: Place, one: Sendable, refused: AgentError) -> tuple[Place, int]:
        """Send without the files that are refused, or to where the owner surely is; raises what cannot be mended."""
        if one.files and one.document is None and isinstance(refused, Undeliverable):
            names = ", ".join(shown_name(name) for _, name in one.files)
            told = plain(self._desk.say.say("result.refused", name=names, why=refused.message))
            text = joined([one.text, told] if one.text is not None else [told])
            return place, await self._api.send_text(place, text, one.keyboard, None)
        if place.private:
            raise refused
        private = await self._private_place()
        self._log.info("a message goes to the owner alone", chat=place.chat, why=refused.message)
        return private, await self._send_one(private, one, None)

    async def _private_place(self) -> Place:
        paired = await self._store.call(self._desk.service.reads.paired, CHANNEL)
        if not paired:
            raise AgentError("No account of the owner's is paired.", "agent pair telegram")
        return Place.of(paired[-1].thread)

    async def _place_of(self, thread: str) -> Place:
        """Give where a message goes: where others read along by now, to the owner alone."""
        place = Place.of(thread)
        return place if await self._company.alone(place.chat) else await self._private_place()

    def _prepared(self, message: Outgoing) -> tuple[str, int | None, list[Sendable]]:
        """Give where a message goes, which one it answers, and what it becomes; in the store's thread."""
        reads = self._desk.service.reads
        thread = reads.conversation(message.conversation_id).external_thread
        rendered = self._rendering.message(replace(message, repeated=False))
        messages = sendables(rendered, lambda blob: self._path_of(message, blob), self._desk.say)
        if not messages:
            raise Undeliverable("There is nothing to send.")
        if message.repeated and len(message.parts) < len(messages):
            # What was split stays split as it was: the mark goes to the very part that may be a repeat.
            at = len(message.parts)
            messages[at] = marked(messages[at], self._desk.say.say("result.repeat"))
        return thread, self._answered(message, thread), messages

    def _path_of(self, message: Outgoing, blob: Blob) -> Path | None:
        service = self._desk.service
        try:
            run = service.reads.run(message.run_id) if message.run_id is not None else None
            return service.result_path(run, blob.name) if run is not None else None
        except AgentError:
            return None

    def _answered(self, message: Outgoing, thread: str) -> int | None:
        """Give the number of the message that this one answers: the one named, or that which the task was made of."""
        name = message.answers
        if not name and message.run_id is not None:
            asking = self._desk.service.reads.asking(self._desk.service.reads.run(message.run_id).task_id)
            name = asking.message if asking is not None and asking.external_thread == thread else ""
        return numbers(name)[1] if name else None

    async def _send_one(self, place: Place, one: Sendable, answers: int | None) -> int:
        if one.document is not None:
            with tempfile.TemporaryDirectory(prefix="agent-telegram-") as folder:
                path = Path(folder) / "whole"
                path.write_bytes(one.document)
                return await self._api.send_file(place, path, one.files[0][1], one.text, (), answers)
        if not one.files and one.text is not None:
            return await self._api.send_text(place, one.text, one.keyboard, answers)
        if len(one.files) == 1:
            path, name = one.files[0]
            return await self._api.send_file(place, path, name, one.text, one.keyboard, answers)
        return await self._api.send_files(place, one.files, one.text, answers)

    async def sent_before(self, message: Outgoing) -> None:
        """Say that nobody knows: a bot cannot look for what it has sent."""
        del message
