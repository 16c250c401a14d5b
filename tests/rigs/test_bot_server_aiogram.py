"""aiogram asks for all that the server knows, and its models of the Bot API know all that it is told, key by key."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiogram import Bot, exceptions
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    BufferedInputFile,
    InaccessibleMessage,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    LinkPreviewOptions,
    MenuButtonCommands,
    Message,
    MessageEntity,
    ReactionTypeEmoji,
    ReplyKeyboardRemove,
    ReplyParameters,
    User,
)

from tests.rigs.aiogram_scene import PAPER, YES_NO, Scene, picture, scene
from tests.rigs.bot_server import DOWNLOAD, Failure, Page, Reset
from tests.rigs.bot_server.methods import NAMES
from tests.rigs.checked_session import KEPT, check


@pytest.fixture
async def here() -> AsyncIterator[Scene]:
    async with scene() as begun:
        yield begun


def _paper(name: str = "b.txt") -> BufferedInputFile:
    return BufferedInputFile(PAPER, name)


Asking = Callable[[Bot, Scene], Awaitable[Any]]
TEXTS: dict[str, Asking] = {
    "plain": lambda bot, at: bot.send_message(
        at.ann.id, "https://example.com &amp; /start @ann_w #a $EUR a@example.com"
    ),
    "marked": lambda bot, at: bot.send_message(
        at.ann.id,
        f'<a href="tg://user?id={at.ann.id}">Ann</a> <pre><code class="language-python">x</code></pre>'
        '<blockquote expandable>q</blockquote><a href="https://example.com">e</a><tg-spoiler>s</tg-spoiler>',
        disable_notification=True,
        protect_content=True,
        message_effect_id="5",
        allow_paid_broadcast=True,
    ),
    "with entities": lambda bot, at: bot.send_message(
        at.ann.id, "😀 bold", parse_mode=None, entities=[MessageEntity(type="bold", offset=3, length=4)]
    ),
    "without a preview": lambda bot, at: bot.send_message(
        at.ann.id, "https://example.com", link_preview_options=LinkPreviewOptions(is_disabled=True)
    ),
    "a reply with a quote": lambda bot, at: bot.send_message(
        at.ann.id, "4", reply_parameters=ReplyParameters(message_id=at.said, quote="<b>what</b> is", quote_position=12)
    ),
    "a reply from elsewhere": lambda bot, at: bot.send_message(
        at.group.id, "4", reply_parameters=ReplyParameters(message_id=at.paper.message_id, chat_id=at.ann.id)
    ),
    "a reply to what is gone": lambda bot, at: bot.send_message(
        at.ann.id, "4", reply_parameters=ReplyParameters(message_id=999, allow_sending_without_reply=True)
    ),
    "in a topic": lambda bot, at: bot.send_message(at.forum.id, "a", message_thread_id=at.topic),
    "in a group": lambda bot, at: bot.send_message(
        at.group.id, "a", reply_markup=ReplyKeyboardRemove(remove_keyboard=True)
    ),
}
METHODS: dict[str, Asking] = {
    "getMe": lambda bot, _: bot.get_me(),
    "getUpdates": lambda bot, _: bot.get_updates(offset=-1, limit=5, timeout=0, allowed_updates=[]),
    "setWebhook": lambda bot, _: bot.set_webhook("https://example.com/hook"),
    "deleteWebhook": lambda bot, _: bot.delete_webhook(drop_pending_updates=True),
    "getWebhookInfo": lambda bot, _: bot.get_webhook_info(),
    "setMyCommands": lambda bot, at: bot.set_my_commands(
        [BotCommand(command="task", description="Give a task", is_ephemeral=True)],
        BotCommandScopeChat(chat_id=at.ann.id),
        "de",
    ),
    "getMyCommands": lambda bot, at: bot.get_my_commands(BotCommandScopeChat(chat_id=at.ann.id), "de"),
    "deleteMyCommands": lambda bot, _: bot.delete_my_commands(),
    "setChatMenuButton": lambda bot, at: bot.set_chat_menu_button(at.ann.id, MenuButtonCommands()),
    "getChatMenuButton": lambda bot, at: bot.get_chat_menu_button(at.ann.id),
    "close": lambda bot, _: bot.close(),
    "logOut": lambda bot, _: bot.log_out(),
    "sendMessage": lambda bot, at: bot.send_message(at.ann.id, "a", reply_markup=YES_NO),
    "sendDocument": lambda bot, at: bot.send_document(
        at.forum.id, _paper(), caption="<b>b</b>", message_thread_id=at.topic, disable_content_type_detection=True
    ),
    "sendPhoto": lambda bot, at: bot.send_photo(
        at.ann.id, BufferedInputFile(picture(), "c.png"), caption="c", has_spoiler=True, show_caption_above_media=True
    ),
    "sendMediaGroup": lambda bot, at: bot.send_media_group(
        at.ann.id, [InputMediaDocument(media=_paper(), caption="<b>two</b>"), InputMediaDocument(media=_paper("c"))]
    ),
    "copyMessage": lambda bot, at: bot.copy_message(at.group.id, at.ann.id, at.paper.message_id, caption="new"),
    "forwardMessage": lambda bot, at: bot.forward_message(at.group.id, at.ann.id, at.said),
    "editMessageText": lambda bot, at: at.asked.edit_text("Sent <b>it</b>.", reply_markup=YES_NO),
    "editMessageCaption": lambda bot, at: at.paper.edit_caption(caption="<b>new</b>", reply_markup=YES_NO),
    "editMessageReplyMarkup": lambda bot, at: at.asked.edit_reply_markup(reply_markup=None),
    "deleteMessage": lambda bot, at: at.asked.delete(),
    "deleteMessages": lambda bot, at: bot.delete_messages(at.ann.id, [at.asked.message_id, 999]),
    "sendChatAction": lambda bot, at: bot.send_chat_action(at.forum.id, "typing", message_thread_id=at.topic),
    "setMessageReaction": lambda bot, at: bot.set_message_reaction(
        at.ann.id, at.said, [ReactionTypeEmoji(emoji="👀")], is_big=True
    ),
    "sendMessageDraft": lambda bot, at: bot.send_message_draft(
        at.ann.id, 5, text="It <b>is</b>", can_stop=True, keep_on_stop=True
    ),
    "getChatMemberCount": lambda bot, at: bot.get_chat_member_count(at.group.id),
    "leaveChat": lambda bot, at: bot.leave_chat(at.group.id),
    "answerCallbackQuery": lambda bot, at: bot.answer_callback_query(at.tap.id, text="Sent.", show_alert=True),
    "getFile": lambda bot, at: bot.get_file(at.paper.document.file_id if at.paper.document else ""),
}


def test_every_method_that_the_server_knows_is_asked_for_here() -> None:
    assert set(METHODS) == set(NAMES.values())


@pytest.mark.parametrize("method", METHODS)
async def test_aiogram_reads_what_every_method_answers(here: Scene, method: str) -> None:
    if method == "close":
        here.server.clock.advance(601)
    answer = await METHODS[method](here.bot, here)
    call = here.server.calls(method)[-1]
    assert call.taken
    assert answer not in (None, False)
    assert here.session.told[-1] == (method, call.answer)


@pytest.mark.parametrize("form", TEXTS)
async def test_aiogram_reads_texts_of_every_form(here: Scene, form: str) -> None:
    assert isinstance(await TEXTS[form](here.bot, here), Message)


async def test_what_comes_back_is_what_was_given(here: Scene) -> None:
    reply = await TEXTS["a reply with a quote"](here.bot, here)
    assert reply.quote is not None
    assert (reply.quote.text, reply.quote.position, reply.quote.entities[0].type) == ("what is", 16, "bold")
    outside = await TEXTS["a reply from elsewhere"](here.bot, here)
    assert outside.external_reply.document.file_name == "a.pdf"
    assert (await TEXTS["a reply to what is gone"](here.bot, here)).reply_to_message is None
    assert (await TEXTS["without a preview"](here.bot, here)).link_preview_options.is_disabled
    topical = await TEXTS["in a topic"](here.bot, here)
    assert (topical.message_thread_id, topical.is_topic_message) == (here.topic, True)
    assert (await here.bot.me()).username == "test_agent_bot"


async def test_files_go_up_and_come_down_byte_by_byte(here: Scene) -> None:
    assert here.paper.document is not None
    down = await here.bot.download(here.paper.document)
    assert down is not None
    assert down.read() == PAPER
    photo = await here.bot.send_photo(here.ann.id, BufferedInputFile(picture(400), "c.png"))
    assert photo.photo is not None
    down = await here.bot.download(photo.photo[-1])
    assert down is not None
    assert down.read(2) == b"\xff\xd8"
    again = await here.bot.send_document(here.ann.id, here.paper.document.file_id)
    assert again.document == here.paper.document
    assert here.server.counts()[DOWNLOAD] == 2


async def test_albums_of_photos_and_films_and_of_documents_go_up(here: Scene) -> None:
    film = InputMediaVideo(media=BufferedInputFile(b"film", "f.mp4"))
    sent = await here.bot.send_media_group(
        here.ann.id, [InputMediaPhoto(media=BufferedInputFile(picture(), "c.png")), film], protect_content=True
    )
    assert [one.content_type for one in sent] == ["photo", "video"]
    papers = await here.bot.send_media_group(here.ann.id, [InputMediaDocument(media=_paper(name)) for name in "abc"])
    assert [one.document.file_name for one in papers if one.document] == ["a", "b", "c"]
    assert len({one.media_group_id for one in papers}) == 1


def _tell(here: Scene, **given: Any) -> Awaitable[Any]:
    message: dict[str, Any] = {"chat_id": here.ann.id, "text": "a"}
    return here.bot.send_message(**message | given)


async def test_a_wait_is_told_in_seconds(here: Scene) -> None:
    here.server.fault(Failure(retry_after=7), "sendMessage")
    with pytest.raises(exceptions.TelegramRetryAfter) as told:
        await _tell(here)
    assert told.value.retry_after == 7
    here.server.telegram.limits.on = True
    await _tell(here)
    with pytest.raises(exceptions.TelegramRetryAfter) as told:
        await _tell(here)
    assert [told.value.retry_after] == [one.retry_after for one in here.server.telegram.limits.breaches] == [1]
    here.server.clock.advance(told.value.retry_after)
    await _tell(here)


async def test_a_group_that_moved_tells_where_it_is(here: Scene) -> None:
    moved = here.ann.upgrades(here.group)
    with pytest.raises(exceptions.TelegramMigrateToChat) as told:
        await _tell(here, chat_id=here.group.id)
    assert told.value.migrate_to_chat_id == moved.id
    assert (await _tell(here, chat_id=told.value.migrate_to_chat_id)).chat.type == "supergroup"


async def test_who_does_not_want_the_bot_is_forbidden_to_it(here: Scene) -> None:
    here.ann.blocks()
    here.ann.removes_bot(here.group)
    for chat, words in ((here.ann.id, "bot was blocked by the user"), (here.group.id, "bot was kicked from the group")):
        with pytest.raises(exceptions.TelegramForbiddenError, match=words):
            await _tell(here, chat_id=chat)


async def test_two_who_poll_are_in_conflict(here: Scene) -> None:
    here.server.updates.drop()
    first = asyncio.create_task(here.bot.get_updates(timeout=50))
    while not here.server.polled:
        await here.bot.get_me()
    second = asyncio.create_task(here.bot.get_updates(timeout=50))
    with pytest.raises(exceptions.TelegramConflictError, match="terminated by other getUpdates request"):
        await first
    here.ann.says("hello")
    assert [one.message.text for one in await second if one.message] == ["hello"]
    await here.bot.set_webhook("https://example.com/hook")
    with pytest.raises(exceptions.TelegramConflictError, match="webhook is active"):
        await here.bot.get_updates()


async def test_a_revoked_token_is_unauthorized(here: Scene) -> None:
    here.server.revoke()
    with pytest.raises(exceptions.TelegramUnauthorizedError):
        await here.bot.get_me()


async def test_what_is_too_large_goes_neither_up_nor_down(here: Scene) -> None:
    here.server.telegram.upload_bytes = here.server.telegram.files.most = len(PAPER) - 1
    with pytest.raises(exceptions.TelegramEntityTooLarge):
        await here.bot.send_document(here.ann.id, _paper())
    with pytest.raises(exceptions.TelegramBadRequest, match="file is too big"):
        await METHODS["getFile"](here.bot, here)


OUTAGES = [
    (Failure(500, "Internal Server Error"), exceptions.TelegramServerError),
    (Failure(502, "Bad Gateway: restart"), exceptions.RestartingTelegram),
    (Page(502), exceptions.ClientDecodeError),
    (Reset("before"), exceptions.TelegramNetworkError),
    (Reset("after"), exceptions.TelegramNetworkError),
]


@pytest.mark.parametrize(("fault", "error"), OUTAGES)
async def test_outages_are_what_aiogram_takes_them_for(here: Scene, fault: Any, error: type[Exception]) -> None:
    here.server.fault(fault, "sendMessage")
    with pytest.raises(error):
        await _tell(here)
    assert here.ann.chat.texts.count("a") == (fault == Reset("after"))


GONE = 999
REFUSALS: list[tuple[str, Asking]] = [
    ("message is not modified", lambda bot, at: at.asked.edit_text("<b>Send</b> it?", reply_markup=YES_NO)),
    ("message is not modified", lambda bot, at: at.asked.edit_reply_markup(reply_markup=YES_NO)),
    ("message to edit not found", lambda bot, at: bot.edit_message_text("a", chat_id=at.ann.id, message_id=GONE)),
    ("message can't be edited", lambda bot, at: bot.edit_message_text("a", chat_id=at.ann.id, message_id=at.said)),
    ("no text in the message to edit", lambda bot, at: at.paper.edit_text("a")),
    ("message to delete not found", lambda bot, at: bot.delete_message(at.ann.id, GONE)),
    ("message to react not found", lambda bot, at: bot.set_message_reaction(at.ann.id, GONE)),
    ("REACTION_INVALID", lambda bot, at: bot.set_message_reaction(at.ann.id, at.said, [ReactionTypeEmoji(emoji="🥑")])),
    ("TEXTDRAFT_PEER_INVALID", lambda bot, at: bot.send_message_draft(at.group.id, 5, text="a")),
    (
        "query is too old and response timeout expired or query ID is invalid",
        lambda bot, at: bot.answer_callback_query("1"),
    ),
    ("message thread not found", lambda bot, at: _tell(at, chat_id=at.forum.id, message_thread_id=GONE)),
    ("message to be replied not found", lambda bot, at: _tell(at, reply_parameters=ReplyParameters(message_id=GONE))),
    (
        "message to be replied not found",
        lambda bot, at: _tell(
            at,
            chat_id=at.group.id,
            reply_parameters=ReplyParameters(message_id=GONE, chat_id=at.ann.id, allow_sending_without_reply=True),
        ),
    ),
    (
        "QUOTE_TEXT_INVALID",
        lambda bot, at: _tell(at, reply_parameters=ReplyParameters(message_id=at.said, quote="nowhere")),
    ),
    ("can't parse entities", lambda bot, at: _tell(at, text="<b>a")),
    ("message is too long", lambda bot, at: _tell(at, text="a" * 4097)),
    ("chat not found", lambda bot, at: _tell(at, chat_id=77)),
    ("invalid file_id", lambda bot, at: bot.get_file("nonsense")),
]


@pytest.mark.parametrize(("words", "asking"), REFUSALS)
async def test_a_refusal_says_why(here: Scene, words: str, asking: Asking) -> None:
    with pytest.raises(exceptions.TelegramBadRequest, match=words):
        await asking(here.bot, here)


async def test_a_tap_is_answered_in_time_or_never(here: Scene) -> None:
    here.server.clock.advance(here.server.telegram.callback_seconds + 1)
    with pytest.raises(exceptions.TelegramBadRequest, match="query is too old"):
        await METHODS["answerCallbackQuery"](here.bot, here)


async def test_all_that_left_for_a_chat_is_seen(here: Scene) -> None:
    for method in ("editMessageText", "sendMessageDraft", "answerCallbackQuery", "leaveChat", "getChatMenuButton"):
        await METHODS[method](here.bot, here)
    sent = [call.method for call in here.server.sent_to(here.ann.chat)]
    assert sent == ["sendMessage", "sendDocument", "editMessageText", "sendMessageDraft", "answerCallbackQuery"]
    assert [call.method for call in here.server.sent_to(here.group.id)] == ["leaveChat"]


ANN = {"id": 5, "is_bot": False, "first_name": "Ann"}


@pytest.mark.parametrize(
    ("model", "told", "words"),
    [
        (ReactionTypeEmoji, {"emoji": "👍"}, "not told"),
        (InaccessibleMessage, {"message_id": 5, "chat": {"id": 5, "type": "private"}}, "not told"),
        (User, ANN | {"nickname": "An"}, "unknown to aiogram"),
        (User, ANN | {"id": "5"}, "not what aiogram read"),
        (User, ANN | {"is_bot": 0}, "not what aiogram read"),
        (User, {"id": 5, "is_bot": False}, "first_name"),
    ],
)
def test_a_key_too_much_too_few_or_of_another_type_is_found(model: type[Any], told: dict[str, Any], words: str) -> None:
    with pytest.raises((AssertionError, ValueError), match=words):
        check(model, told)


def test_what_is_sent_beside_the_documentation_has_its_reason() -> None:
    assert all(KEPT.values())
