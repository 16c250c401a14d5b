"""Taking what was stored: each conversation in its order, taps and the panic stop at once."""

import asyncio
import contextlib
import time
from collections.abc import Coroutine
from functools import partial
from typing import Any

from channels.talk import later, meaning, taps
from channels.talk.about import command_of
from channels.talk.answer import is_stop
from channels.talk.desk import Desk, Said
from channels.telegram.api import Api
from channels.telegram.files import Files
from channels.telegram.grouping import first_group, said
from channels.telegram.place import numbers
from channels.telegram.reading import CHANNEL
from daemon.domain.errors import AgentError, BadInput
from daemon.domain.message import Became, Handling, Incoming
from daemon.domain.ports import InStore
from daemon.domain.visible import exact

_AT_ONCE = frozenset({"pause", "cancel", "status"})
_REACTIONS = {Became.TASK: "👀", Became.STEER: "👌", Became.ANSWER: "👌"}
_LOOK_SECONDS = 5.0
_MOST_FAILURES = 3


class Taker:
    """Turns stored messages into what they say."""

    def __init__(self, api: Api, desk: Desk, store: InStore, files: Files, log: Any) -> None:
        """Do it at this desk."""
        self._api = api
        self._desk = desk
        self._store = store
        self._files = files
        self._log = log
        self._came = asyncio.Event()
        self._at: dict[str, asyncio.Task[None]] = {}
        self._failures: dict[int, int] = {}

    def came(self) -> None:
        """Look at what is stored."""
        self._came.set()

    async def serve(self) -> None:
        """Take what is stored until cancelled; a look now and then finds what a crash left."""
        await self._tell_of_cut_off()
        try:
            while True:
                self._came.clear()
                await self._begin(await self._store.call(self._desk.service.post.stored, CHANNEL))
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_SECONDS):
                        await self._came.wait()
        finally:
            for task in self._at.values():
                task.cancel()
            await asyncio.gather(*self._at.values(), return_exceptions=True)

    async def _begin(self, stored: list[Incoming]) -> None:
        threads: dict[str, list[Incoming]] = {}
        waiting = {message.message for message in stored}
        for message in stored:
            # What is about a message that is not taken yet has to wait for it; a stop is about everything.
            waits = message.details.get("answers") in waiting and not is_stop(message.text)
            if self._hurries(message) and not waits:
                await self._guarded(self._hurried(message), [message])
            else:
                threads.setdefault(message.external_thread, []).append(message)
        for thread, messages in threads.items():
            if thread not in self._at or self._at[thread].done():
                self._at[thread] = asyncio.create_task(self._guarded(self._take_one(messages), messages[:1]))

    @staticmethod
    def _hurries(message: Incoming) -> bool:
        """Say whether a message must not wait for files of those before it."""
        return "tap" in message.details or is_stop(message.text) or command_of(message.text)[0] in _AT_ONCE

    async def _guarded(self, work: Coroutine[Any, Any, None], messages: list[Incoming]) -> None:
        """Let what fails in us hold up nothing for long: it is tried again with the next looks, and then given up."""
        try:
            await work
        except AgentError as problem:
            self._log.warning("a message is not taken yet", why=str(problem))
        except Exception as problem:  # noqa: BLE001 - the edge around a message: no other waits for it
            self._log.exception("a message cannot be taken", message=messages[0].external_id)
            self._failures[messages[0].id] = self._failures.get(messages[0].id, 0) + 1
            if self._failures[messages[0].id] >= _MOST_FAILURES:
                why = self._desk.say.say("reply.fault", why=type(problem).__name__)
                await self._store.call(self._desk.service.post.turn_away, messages, repr(problem), why)

    async def _hurried(self, message: Incoming) -> None:
        if "tap" in message.details:
            await self._tap(message)
        else:
            await self._do(said((message,)))

    async def _take_one(self, messages: list[Incoming]) -> None:
        """Take the first group of a conversation; the next look finds what follows."""
        group = first_group(messages, time.time())
        if group.wait > 0:
            await asyncio.sleep(group.wait)
            self._came.set()
            return
        came = [await self._files.along(message) for message in group.messages]
        remarks = "\n".join(dict.fromkeys(text for _, text in came if text))
        one = said(tuple(message for message, _ in came), remarks)
        await self._do(one)
        self._came.set()

    async def _do(self, one: Said) -> None:
        unusable = self._unusable(one)
        if unusable:
            await self._store.call(self._desk.service.post.turn_away, one.messages, unusable, unusable)
            return
        if "edited" in one.first.details:
            act = partial(_edited, self._desk, one)
        else:
            act = partial(meaning.act, self._desk, one)
        done = await self._store.call(self._desk.service.post.handle, one.messages, act, self._sorry)
        if done is not None:
            await self._react(one.first, done)
            await self._later(one.first, done)

    def _unusable(self, one: Said) -> str:
        """Say why nothing can come of a message."""
        if one.text or one.quoted or one.has_files:
            return ""
        return one.remarks or self._desk.say.say("reply.unreadable")

    async def _tap(self, message: Incoming) -> None:
        refused: list[str] = []
        tap = taps.Tap(message, str(message.details["tap"]))

        def sorry(problem: AgentError) -> str:
            refused.append(self._desk.say.of_error(problem))
            return ""

        act = partial(taps.act, self._desk, tap)
        done = await self._store.call(self._desk.service.post.handle, (message,), act, sorry)
        toast = str(done.says.get("toast", "")) if done is not None else "".join(refused)
        if done is not None:
            await self._later(message, done)
        try:
            await self._api.answer_tap(str(message.details["tap_id"]), toast)
            if done is not None and tap.action.partition(":")[0] in taps.ONCE:
                await self._api.take_buttons(*numbers(str(message.details["on"])))
        except Exception as problem:  # noqa: BLE001 - what was tapped is done; only the word about it is lost
            self._log.info("a tap is not answered", why=str(problem))

    def _sorry(self, problem: AgentError) -> str:
        return self._desk.say.of_error(problem)

    async def _react(self, message: Incoming, done: Handling) -> None:
        emoji = _REACTIONS.get(done.became)
        if emoji is None or not message.message:
            return
        chat, number = numbers(message.message)
        try:
            await self._api.react(chat, number, emoji)
        except Exception as problem:  # noqa: BLE001 - a courtesy
            self._log.debug("no reaction", why=str(problem))

    async def _later(self, message: Incoming, done: Handling) -> None:
        """Do what takes its time, and must not hold a transaction meanwhile."""
        if done.later:
            text = await asyncio.to_thread(later.do, self._desk, done.later, done.task_id, message.principal)
            await self._store.call(self._desk.service.post.say, message, text)

    async def _tell_of_cut_off(self) -> None:
        """Say of what was begun before a crash that nobody knows whether it was done."""
        post = self._desk.service.post
        for message in await self._store.call(post.cut_off, CHANNEL):
            say = self._desk.say
            text = say.say("reply.cut_off", command=exact(message.text or str(message.details["later"])))
            if message.task_id is not None:
                text = f"{say.say('about.task', task=message.task_id)}: {text}"
            await self._store.call(post.say, message, text)


def _edited(desk: Desk, one: Said) -> Handling:
    """Take an edit: words that a task was made of reach it while it is at work; an answer is never changed by one."""
    before = desk.service.reads.received_message(CHANNEL, str(one.first.details["edited"]))
    if before is not None and before.text == one.text:
        return Handling(Became.COMMAND)  # Telegram tells of changes of its own making too, as of a preview
    if before is None or before.task_id is None or before.became != Became.TASK:
        raise BadInput(desk.say.say("reply.edited_nothing"))
    task = desk.service.reads.task(before.task_id)
    if task.status.final:
        raise BadInput(desk.say.say("reply.edited_over", task=task.id))
    return meaning.steer(desk, one, task.id)
