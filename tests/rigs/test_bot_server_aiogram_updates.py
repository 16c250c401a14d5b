"""Every update of the server is one to aiogram's models, key by key, and aiogram's own loop lives on them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiogram import Dispatcher
from aiogram.filters import CommandStart
from aiogram.types import CallbackQuery, InaccessibleMessage, Message, Update
from aiogram.utils.backoff import BackoffConfig

from tests.rigs.aiogram_scene import PAPER, YES_NO, Scene, picture, scene
from tests.rigs.bot_server import Failure, Page, Reset, backwards, twice
from tests.rigs.bot_server.updates import ABSENT, KINDS
from tests.rigs.checked_session import KEPT
from tests.rigs.waiting import wait_until


@pytest.fixture
async def here() -> AsyncIterator[Scene]:
    async with scene() as begun:
        begun.server.updates.allow(KINDS)
        begun.server.updates.drop()
        yield begun


Act = Callable[[Scene], Any]
SAID: dict[str, tuple[Act, list[str]]] = {
    "a text": (lambda at: at.ann.says("/start *a* https://example.com", mode="Markdown"), ["text"]),
    "a photo": (lambda at: at.ann.sends_photo(picture(400), "look *here*"), ["photo"]),
    "a document": (lambda at: at.ann.sends_document(PAPER, "a.pdf", "read"), ["document"]),
    "a large document": (lambda at: at.ann.sends_document(None, "a.bin", size=30 << 20), ["document"]),
    "a voice": (lambda at: at.ann.sends_voice(b"hum", 3), ["voice"]),
    "an album": (lambda at: at.ann.sends_album([picture(), picture()], "two"), ["photo", "photo"]),
    "documents at once": (lambda at: at.ann.sends_album([("a", b"a"), ("b", b"b")], "two"), ["document", "document"]),
    "a place": (lambda at: at.ann.sends({"location": {"latitude": 52.5, "longitude": 13.4}}), ["location"]),
    "a contact": (lambda at: at.ann.sends({"contact": {"phone_number": "1", "first_name": "Bob"}}), ["contact"]),
    "a reply": (lambda at: at.ann.says("yes", reply_to=at.asked.message_id), ["text"]),
    "a reply to a file": (lambda at: at.ann.says("why?", reply_to=at.paper.message_id), ["text"]),
    "a quote": (lambda at: at.ann.says("no", reply_to=at.said, quote="for"), ["text"]),
    "what was forwarded": (lambda at: at.ann.forwards(at.paper.message_id), ["document"]),
    "what was forwarded without a name": (lambda at: at.ann.forwards(at.said, hidden=True), ["text"]),
    "a new topic": (lambda at: at.ann.opens_topic("Cellar", chat=at.forum), ["forum_topic_created"]),
    "a text in a topic": (lambda at: at.ann.says("/a", chat=at.forum, thread=at.topic), ["text"]),
    "the end of a topic": (lambda at: at.ann.closes_topic(at.topic, chat=at.forum), ["forum_topic_closed"]),
    "a command in a group": (lambda at: at.ann.says("/a@test_agent_bot", chat=at.group), ["text"]),
    "a supergroup": (lambda at: at.ann.upgrades(at.group), ["migrate_to_chat_id", "migrate_from_chat_id"]),
    "a member who came": (lambda at: at.server.user("Bob").joins(at.group), ["new_chat_members"]),
    "a member who went": (lambda at: at.ann.leaves(at.group), ["left_chat_member"]),
    "a stranger": (lambda at: at.server.user("Eve", id=666).starts("payload"), ["text"]),
}


def _unblocked(at: Scene) -> None:
    at.ann.blocks()
    at.ann.unblocks()


def _drafted(at: Scene) -> None:
    at.ann.stops(5)


def _administered(at: Scene) -> None:
    at.ann.adds_bot(at.group, as_administrator=True)
    at.server.user("Bob").joins(at.group)
    at.ann.reacts(at.ann.says("/a", chat=at.group), "👍")


CAUSED: dict[str, tuple[Act, list[str]]] = {
    "an edit": (lambda at: at.ann.edits(at.said, "what *is* it?", mode="Markdown"), ["edited_message"]),
    "a tap": (lambda at: at.ann.taps("No"), ["callback_query"]),
    "a tap below what is long gone": (lambda at: at.ann.taps("No", old=True), ["callback_query"]),
    "a reaction": (lambda at: at.ann.reacts(at.asked.message_id, "👍", "🔥"), ["message_reaction"]),
    "a block": (lambda at: at.ann.blocks(), ["my_chat_member"]),
    "a block that ended": (_unblocked, ["my_chat_member", "my_chat_member"]),
    "a group without the bot": (lambda at: at.ann.removes_bot(at.group), ["my_chat_member"]),
    "a group that the bot administers": (
        _administered,
        ["my_chat_member", "message", "chat_member", "message", "message_reaction"],
    ),
    "a draft that was stopped": (_drafted, ["stopped_message_generation"]),
}


async def _heard(here: Scene) -> list[Update]:
    """Fetch what waits, by a session that takes nothing that the models do not know."""
    updates = await here.bot.get_updates(allowed_updates=list(KINDS))
    assert [one.json() for one in here.server.updates.waiting] == here.session.told[-1][1]["result"]
    return updates


@pytest.mark.parametrize("what", SAID)
async def test_a_message_is_one_to_aiogram(here: Scene, what: str) -> None:
    act, kinds = SAID[what]
    act(here)
    messages = [update.message for update in await _heard(here)]
    assert [message.content_type for message in messages if message] == kinds


@pytest.mark.parametrize("what", CAUSED)
async def test_any_other_update_is_one_to_aiogram(here: Scene, what: str) -> None:
    act, kinds = CAUSED[what]
    await here.bot.send_message_draft(here.ann.id, 5, text="It", can_stop=True)
    act(here)
    assert [update.event_type for update in await _heard(here)] == kinds


def test_every_kind_of_update_is_caused_here() -> None:
    assert {kind for _, kinds in CAUSED.values() for kind in kinds} == set(KINDS)


def test_the_kinds_that_a_bot_may_ask_for_are_those_that_aiogram_knows() -> None:
    assert {*KINDS, *ABSENT} == set(Update.model_fields) - {"update_id"}


async def test_updates_say_what_happened(here: Scene) -> None:
    here.ann.says("no", reply_to=here.said, quote="for")
    here.ann.forwards(here.said, hidden=True)
    here.ann.taps("No", old=True)
    here.ann.blocks()
    said, forwarded, tap, block = await _heard(here)
    assert said.message is not None
    assert (said.message.quote and said.message.quote.position) == 27
    assert (said.message.reply_to_message and said.message.reply_to_message.message_id) == here.said
    assert forwarded.message is not None
    assert (forwarded.message.forward_origin and forwarded.message.forward_origin.type) == "hidden_user"
    assert tap.callback_query is not None
    assert isinstance(tap.callback_query.message, InaccessibleMessage)
    assert block.my_chat_member is not None
    assert block.my_chat_member.new_chat_member.status == "kicked"


async def test_topics_of_a_private_chat_are_told(here: Scene) -> None:
    here.server.telegram.account.has_topics = True
    topic = here.ann.opens_topic("Plans")
    here.ann.says("a", thread=topic)
    await here.bot.send_message_draft(here.ann.id, 5, text="It", can_stop=True, message_thread_id=topic.id)
    here.ann.stops(5)
    opened, said, stopped = await _heard(here)
    assert opened.message is not None
    assert said.message is not None
    assert stopped.stopped_message_generation is not None
    threads = [one.message_thread_id for one in (opened.message, said.message, stopped.stopped_message_generation)]
    assert threads == [topic.id] * 3
    assert (await here.bot.get_me()).has_topics_enabled


async def test_only_what_has_a_reason_is_sent_beside_the_documentation(here: Scene) -> None:
    for what in ("a member who came", "a member who went"):
        SAID[what][0](here)
    await _heard(here)
    assert here.session.kept == set(KEPT)


async def _until(holds: Callable[[], bool]) -> None:
    assert await asyncio.to_thread(wait_until, holds, 20)


@asynccontextmanager
async def _polling(here: Scene) -> AsyncIterator[None]:
    """Let a bot of aiogram run that asks whoever starts it, and takes the buttons away at a tap."""
    dispatcher = Dispatcher()

    @dispatcher.message(CommandStart())
    async def start(message: Message) -> None:
        await message.answer("Send it?", reply_markup=YES_NO)

    @dispatcher.message()
    async def echo(message: Message) -> None:
        await message.reply(f"You said: {message.text}")

    @dispatcher.callback_query()
    async def tapped(query: CallbackQuery) -> None:
        assert isinstance(query.message, Message)
        await query.message.edit_text(f"Sent: {query.data}")
        await query.answer("Done.")

    quick = BackoffConfig(min_delay=0.001, max_delay=0.002, factor=1.3, jitter=0.0)
    how: dict[str, Any] = {"handle_signals": False, "close_bot_session": False, "backoff_config": quick}
    running = asyncio.create_task(dispatcher.start_polling(here.bot, polling_timeout=50, **how))
    try:
        await _until(lambda: here.server.polled)
        yield
    finally:
        await dispatcher.stop_polling()
        await running


async def test_a_bot_of_aiogram_talks_with_people(here: Scene) -> None:
    bob = here.server.user("Bob")
    async with _polling(here):
        bob.starts()
        await _until(lambda: bob.chat.texts == ["/start", "Send it?"])
        tap = bob.taps("Yes")
        await _until(lambda: tap.answered)
        said = bob.says("thanks", reply_to=bob.chat.history[-1])
        await _until(lambda: len(bob.chat.history) == 4)
    asked, answer = bob.chat.history[1], bob.chat.history[3]
    assert (asked.text, asked.buttons, asked.earlier[0]["text"]) == ("Sent: y:1", [], "Send it?")
    assert (answer.text, answer.reply_to, tap.text) == ("You said: thanks", said, "Done.")
    assert here.server.counts()["answerCallbackQuery"] == 1


@pytest.mark.parametrize("fault", [Failure(retry_after=1), Failure(409, "other"), Page(502), Reset(), Reset("after")])
async def test_a_bot_of_aiogram_loses_nothing_while_it_cannot_poll(here: Scene, fault: Any) -> None:
    async with _polling(here):
        here.server.fault(fault, "getUpdates", times=3)
        # The first answers the request that is held already, those after it meet the faults.
        for word in ("one", "two", "three"):
            here.ann.says(word)
            await _until(lambda word=word: here.ann.chat.texts[-1] == f"You said: {word}")  # type: ignore[misc]
    assert here.server.counts()["sendMessage"] == 4
    assert sum(1 for call in here.server.calls("getUpdates") if call.fault) == 3


async def test_a_bot_of_aiogram_comes_back_after_an_outage(here: Scene) -> None:
    async with _polling(here):
        here.server.close_port()
        here.ann.says("one")
        here.server.open_port()
        await _until(lambda: here.ann.chat.texts[-1] == "You said: one")


@pytest.mark.parametrize("tamper", [backwards, twice])
async def test_updates_that_come_twice_or_backwards_are_ones_to_aiogram(here: Scene, tamper: Any) -> None:
    here.ann.says("one")
    here.ann.says("two")
    here.server.updates.tamper = tamper
    heard = await here.bot.get_updates()
    assert {one.message.text for one in heard if one.message} == {"one", "two"}
