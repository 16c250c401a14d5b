"""A bot by aiogram, the server that it asks, and what was said before a test begins."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup, Message
from PIL import Image

from tests.rigs.bot_server import BotServer, Callback, Chat, User
from tests.rigs.checked_session import CheckedSession

YES_NO = InlineKeyboardMarkup(
    inline_keyboard=[
        [InlineKeyboardButton(text="Yes", callback_data="y:1"), InlineKeyboardButton(text="No", callback_data="n:1")],
        [InlineKeyboardButton(text="See", url="https://example.com/a", style="primary")],
    ]
)
PAPER = b"%PDF-1.7 \x00\xff\r\n--x"


@dataclass(frozen=True, slots=True)
class Scene:
    """Ann has said something, the bot has asked and sent a paper, Ann has tapped; both are in a group and a forum."""

    server: BotServer
    session: CheckedSession
    bot: Bot
    ann: User
    said: int
    asked: Message
    paper: Message
    tap: Callback
    group: Chat
    forum: Chat
    topic: int


@asynccontextmanager
async def scene() -> AsyncIterator[Scene]:
    """Begin; at the end no parameter may have come that the server does not know."""
    with BotServer() as server:
        ann = server.user("Ann", last_name="Woods", username="ann_w", language_code="en", is_premium=True)
        ann.starts()
        group, forum = server.group("Team", ann), server.supergroup("House", ann, forum=True)
        session = CheckedSession(server.url)
        async with Bot(server.token, session=session, default=DefaultBotProperties(parse_mode="HTML")) as bot:
            asked = await bot.send_message(ann.id, "<b>Send</b> it?", reply_markup=YES_NO)
            paper = await bot.send_document(ann.id, BufferedInputFile(PAPER, "a.pdf"), caption="<i>a</i> paper")
            said = ann.says("what is it, and what is it for?").id
            topic = ann.opens_topic("Roof", chat=forum).id
            tap = ann.taps("Yes")
            yield Scene(server, session, bot, ann, said, asked, paper, tap, group, forum, topic)
        unread = {call.method: call.unread for call in server.calls() if call.taken and call.unread}
        assert not unread, f"the server does not know these parameters: {unread}"


def picture(side: int = 100) -> bytes:
    """Give a picture."""
    out = io.BytesIO()
    Image.new("RGB", (side, side), "teal").save(out, "PNG")
    return out.getvalue()
