"""What is seen while a task is at work: one message that edits itself, typing, words as they come; questions closed.

Nothing here is a record: whatever is lost is shown again with the next look.
"""

import asyncio
import time
from collections.abc import Awaitable
from typing import Any

from channels.rendering.rendered import Rendered
from channels.rendering.rendering import Rendering
from channels.telegram.api import Api, TokenRefused, Unreachable
from channels.telegram.company import Company
from channels.telegram.pace import Pace
from channels.telegram.place import Place, numbers
from channels.telegram.reading import CHANNEL
from channels.telegram.sending import LONGEST_TEXT, formatted, keyboard
from channels.telegram.text.formatted import Formatted, plain
from channels.telegram.text.pieces import pieces
from daemon.domain.errors import AgentError, NotFound, NotNow, Undeliverable
from daemon.domain.message import Outgoing
from daemon.domain.ports import InStore
from daemon.domain.run import Run
from daemon.engine.service import Service

_SHOWN_AFTER = 2.0
"""Seconds of work after which a message about it is worth sending."""
_EDIT_SECONDS = 1.0
_SLOW_AFTER, _SLOW_SECONDS = 60.0, 3.0
"""A run that takes longer is looked at less often."""
_GROUP_SECONDS = 3.5
"""In groups a bot may write twenty times a minute."""
_TYPING_SECONDS = 4.5
_DRAFT_LEAST, _DRAFT_MOST = 20, 3000
_END = "end"


class Follower:
    """Shows how far runs are, at most one edit a second in a chat."""

    def __init__(
        self, api: Api, service: Service, store: InStore, rendering: Rendering, pace: Pace, company: Company, log: Any
    ) -> None:
        """Show it by this bot, at this pace."""
        self._api = api
        self._service = service
        self._store = store
        self._rendering = rendering
        self._log = log
        self._texts: dict[int, str] = {}
        self._pace = pace
        self._company = company
        self._typed: dict[int, float] = {}
        self._spoken: dict[int, str] = {}
        self._rests_until = 0.0

    async def serve(self) -> None:
        """Look whenever something was written, at most once a second, until cancelled."""
        heard = self._service.post.heard()
        with heard.listening(self._service.home.wake):
            while True:
                busy = False
                if time.monotonic() >= self._rests_until:
                    busy = await self._look()
                await asyncio.sleep(_EDIT_SECONDS)
                if not busy:
                    await heard.rest(30.0)

    async def _look(self) -> bool:
        """Show what is new; says whether there is more to come soon."""
        reads = self._service.reads
        open_looking = await self._store.call(reads.still_asking, CHANNEL)
        for asked in open_looking:
            await self._close(asked)
        followed = await self._store.call(reads.followed, CHANNEL)
        for message in followed:
            await self._refresh(message)
        running = await self._store.call(reads.at_work, CHANNEL)
        seen = {message.run_id for message in followed}
        for run in running:
            await self._watch(run, seen=run.id in seen)
        alive = {run.id for run in running}
        self._spoken = {number: text for number, text in self._spoken.items() if number in alive}
        return bool(running or followed or open_looking)

    async def _watch(self, run: Run, *, seen: bool) -> None:
        began = run.started_at or time.time()
        place = await self._store.call(self._place_of, run)
        if place is None or not await self._alone(place.chat):
            return
        if not seen and time.time() - began >= _SHOWN_AFTER:
            await self._store.call(self._service.post.show_progress, run.id)
        if not await self._speak(run, place) and not seen:
            await self._type(place)

    def _place_of(self, run: Run) -> Place | None:
        try:
            task = self._service.reads.task(run.task_id)
        except NotFound:
            return None
        return Place.of(self._service.reads.conversation(task.conversation_id).external_thread)

    async def _type(self, place: Place) -> None:
        if time.monotonic() - self._typed.get(place.chat, -99.0) >= _TYPING_SECONDS:
            self._typed[place.chat] = time.monotonic()
            await self._tried(self._api.type(place))

    async def _speak(self, run: Run, place: Place) -> bool:
        """Show words of the model while they come, where the app can show drafts: in chats with one person."""
        if not place.private:
            return False
        text, _ = await self._store.call(self._service.reads.spoken_now, run, 0)
        text = text.strip()[-_DRAFT_MOST:]
        if len(text) < _DRAFT_LEAST:
            return False
        if self._spoken.get(run.id) != text:
            self._spoken[run.id] = text
            await self._tried(self._api.draft(place, run.id, plain(text)))
        return True

    async def _refresh(self, message: Outgoing) -> None:
        """Put what is now the case into the message about a run's progress."""
        if message.external_id is None or message.run_id is None:
            return
        chat, number = numbers(message.external_id)
        run = await self._store.call(self._run_of, message.run_id)
        final = run is None or run.status.final
        if not self._pace.may_edit(chat, 0.0 if final else self._pause(chat, run)):
            return
        if run is None:
            await self._ended(message)
            return
        if not await self._alone(chat):
            if final:
                await self._ended(message)
            return
        rendered = await self._store.call(self._rendering.progress, message.run_id)
        text = formatted(rendered)
        if self._texts.get(message.id) != text.text:
            done = await self._edit(chat, number, text, rendered)
            if not done:
                return
            self._texts[message.id] = text.text
        if final:
            await self._ended(message)

    def _run_of(self, run_id: int) -> Run | None:
        try:
            return self._service.reads.run(run_id)
        except NotFound:
            return None

    @staticmethod
    def _pause(chat: int, run: Run | None) -> float:
        least = _EDIT_SECONDS if chat > 0 else _GROUP_SECONDS
        began = (run.started_at if run is not None else None) or time.time()
        return max(least, _SLOW_SECONDS) if time.time() - began > _SLOW_AFTER else least

    async def _ended(self, message: Outgoing) -> None:
        self._texts.pop(message.id, None)
        await self._store.call(self._service.post.shown, message.id, _END)

    async def _close(self, asked: Outgoing) -> None:
        """Show what became of a question, in its place and without its buttons."""
        if not asked.parts or asked.approval_id is None:
            return
        chat, number = numbers(asked.parts[-1])
        if not self._pace.may_edit(chat, 0.0):
            return
        alone = await self._alone(chat)
        if not alone:
            if alone is False:  # what became of it is nobody's business there
                await self._store.call(self._service.post.shown, asked.id, _END)
            return
        rendered = await self._store.call(self._rendering.answered, asked.approval_id)
        text = formatted(rendered)
        if len(pieces(text, LONGEST_TEXT)) > 1:
            text = formatted(Rendered(rendered.blocks[-1:]))
        if await self._edit(chat, number, text, rendered):
            await self._store.call(self._service.post.shown, asked.id, _END)

    async def _edit(self, chat: int, number: int, text: Formatted, rendered: Rendered) -> bool:
        """Edit a message; says whether that is settled, be it because the message is gone."""
        self._pace.edits(chat)
        return await self._tried(self._api.edit(chat, number, text, keyboard(rendered)))

    async def _alone(self, chat: int) -> bool | None:
        """Say whether the owner alone reads along; None where nobody knows just now."""
        try:
            return await self._company.alone(chat)
        except Exception as problem:  # noqa: BLE001 - the edge to the network; it is shown again with the next look
            self._log.info("nothing is shown now", chat=chat, why=str(problem))
            return None

    async def _tried(self, asked: Awaitable[object]) -> bool:
        """Wait for something that nothing depends on; where Telegram wants rest, rest."""
        try:
            await asked
        except NotNow as wait:
            self._rests_until = time.monotonic() + wait.seconds
            return False
        except (Unreachable, TokenRefused):
            self._rests_until = time.monotonic() + _SLOW_SECONDS
            return False
        except (Undeliverable, AgentError) as refused:
            self._log.info("a message is not edited", why=str(refused))
            return True
        except Exception as problem:  # noqa: BLE001 - the edge to the network; it is shown again with the next look
            self._log.info("a message is not edited", why=str(problem))
            self._rests_until = time.monotonic() + _SLOW_SECONDS
            return False
        return True
