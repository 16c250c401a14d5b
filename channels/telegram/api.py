"""The Bot API as this channel uses it (https://core.telegram.org/bots/api), its errors told apart by what is known.

Of a request that was refused, or never got there, it is known that nothing was done: an AgentError says so. Of one that
broke off nobody knows: such an error is let through as it is.
"""

import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from daemon.domain.absent import absent
from daemon.domain.errors import AgentError, NotNow, Undeliverable

# The library's coming form of durations; without it, it warns of every 429.
os.environ.setdefault("PTB_TIMEDELTA", "true")

# For passports, HTTP/2 and a command line, which nobody here uses: 9 MB.
with absent("cryptography", "h2", "rich", "pygments"):
    import httpx
    from telegram import (
        Bot,
        InlineKeyboardButton,
        InlineKeyboardMarkup,
        InputFile,
        InputMediaDocument,
        LinkPreviewOptions,
        MessageEntity,
        ReactionTypeEmoji,
        ReplyParameters,
    )
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from channels.telegram.place import Place
from channels.telegram.text.formatted import Formatted

MOST_UPDATES = 100
"""How many come at once (Bot API, getUpdates)."""
HOLD_SECONDS = 50
"""How long a request for updates is held open."""
_FILE_SECONDS = 120.0
_WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_CLOSED = "not initialized"
"""What the library says where the connections are closed, as they are while the channel starts anew."""

T = TypeVar("T")


class TokenRefused(AgentError):
    """The token is not, or no longer, that of a bot."""


class ShutOut(AgentError):
    """The bot may not write in a chat: it is blocked there, or was taken out of it."""


class Unreachable(AgentError):
    """Telegram cannot be reached; nothing was sent."""


class Moved(AgentError):
    """A group became a supergroup, with another number; nothing was sent."""

    def __init__(self, new: int) -> None:
        """Say the new number."""
        super().__init__("The chat has another number now.", "It is sent there.")
        self.new = new


Keyboard = Sequence[Sequence[tuple[str, str]]]
"""Rows of buttons, each a text and what a tap sends back (at most 64 bytes)."""


class Api:
    """One bot."""

    def __init__(self, token: str, address: str | None) -> None:
        """Be the bot with this token, at Telegram or at the Bot API server of that address."""
        quick = HTTPXRequest(connection_pool_size=8, read_timeout=20, media_write_timeout=_FILE_SECONDS)
        held = HTTPXRequest(connection_pool_size=1, read_timeout=HOLD_SECONDS + 10)
        self._bot = Bot(token, request=quick, get_updates_request=held)
        if address is not None:
            self._bot = Bot(token, f"{address}/bot", f"{address}/file/bot", quick, held)

    async def open(self) -> None:
        """Connect; raises TokenRefused or Unreachable."""
        await _said(self._bot.initialize())

    async def close(self) -> None:
        """Let go of all connections."""
        await self._bot.shutdown()

    async def updates(self, offset: int, seconds: int = HOLD_SECONDS) -> list[dict[str, Any]]:
        """Wait for what comes in from number `offset` on; what is below it is confirmed by that."""
        asked = {"offset": offset, "timeout": seconds, "limit": MOST_UPDATES, "allowed_updates": list(_WANTED)}
        # The library's own method reads all updates or none: one that it cannot read would hold up the others. Methods
        # are called the same in small letters, and the library does not warn of that.
        found = await _said(self._bot.do_api_request("getupdates", api_kwargs=asked, read_timeout=seconds + 10))
        return list(found)

    @property
    def bot(self) -> Bot:
        """Give the bot, for reading updates into the library's types."""
        return self._bot

    async def send_text(
        self, place: Place, text: Formatted, keyboard: Keyboard = (), answers: int | None = None
    ) -> int:
        """Send a message; gives its number."""
        sent = await _said(
            self._bot.send_message(
                place.chat,
                text.text,
                entities=_entities(text),
                message_thread_id=place.topic,
                reply_markup=_markup(keyboard),
                reply_parameters=_answering(answers),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        )
        return sent.message_id

    async def send_file(
        self,
        place: Place,
        path: Path,
        name: str,
        caption: Formatted | None,
        keyboard: Keyboard = (),
        answers: int | None = None,
    ) -> int:
        """Send a file as a document, with a caption; gives the message's number."""
        with path.open("rb") as file:
            sent = await _said(
                self._bot.send_document(
                    place.chat,
                    InputFile(file, name, read_file_handle=False),
                    caption=caption.text if caption else None,
                    caption_entities=_entities(caption) if caption else None,
                    message_thread_id=place.topic,
                    reply_markup=_markup(keyboard),
                    reply_parameters=_answering(answers),
                    disable_content_type_detection=True,
                )
            )
        return sent.message_id

    async def send_files(
        self, place: Place, files: Sequence[tuple[Path, str]], caption: Formatted | None, answers: int | None = None
    ) -> int:
        """Send two to ten files as one group; gives the number of its first message."""
        media = [InputMediaDocument(path.read_bytes(), filename=name) for path, name in files[1:]]
        path, name = files[0]
        said = caption if caption is not None else Formatted("")
        first = InputMediaDocument(path.read_bytes(), said.text, caption_entities=_entities(said), filename=name)
        media.insert(0, first)
        sent = await _said(
            self._bot.send_media_group(
                place.chat, media, message_thread_id=place.topic, reply_parameters=_answering(answers)
            )
        )
        return sent[0].message_id

    async def edit(self, chat: int, message: int, text: Formatted, keyboard: Keyboard = ()) -> None:
        """Put another text and other buttons into a message; Undeliverable where that is not possible any more."""
        try:
            await _said(
                self._bot.edit_message_text(
                    text.text,
                    chat,
                    message,
                    entities=_entities(text),
                    reply_markup=_markup(keyboard),
                    link_preview_options=LinkPreviewOptions(is_disabled=True),
                )
            )
        except Undeliverable as refused:
            if "not modified" not in str(refused):
                raise

    async def take_buttons(self, chat: int, message: int) -> None:
        """Take the buttons away from a message."""
        await _said(self._bot.edit_message_reply_markup(chat, message))

    async def draft(self, place: Place, number: int, text: Formatted) -> None:
        """Show a text that is still being written; it goes by itself."""
        await _said(
            self._bot.send_message_draft(
                place.chat, number, text.text, message_thread_id=place.topic, entities=_entities(text)
            )
        )

    async def react(self, chat: int, message: int, emoji: str) -> None:
        """React to a message."""
        await _said(self._bot.set_message_reaction(chat, message, [ReactionTypeEmoji(emoji)]))

    async def type(self, place: Place) -> None:
        """Show for five seconds that something is being written."""
        await _said(self._bot.send_chat_action(place.chat, "typing", message_thread_id=place.topic))

    async def answer_tap(self, tap: str, text: str) -> None:
        """Say that a tap was heard, with a short text."""
        await _said(self._bot.answer_callback_query(tap, text[:200] or None))

    async def fetch(self, file_id: str, target: Path) -> None:
        """Fetch a file of at most 20 MB; Undeliverable where there is none, or it is too big."""
        file = await _said(self._bot.get_file(file_id))
        await _said(file.download_to_drive(target, read_timeout=_FILE_SECONDS))

    async def members(self, chat: int) -> int:
        """Count who is in a chat, the bot too."""
        return await _said(self._bot.get_chat_member_count(chat))

    async def offer(self, commands: Mapping[str, str]) -> None:
        """Show a menu of commands."""
        await _said(self._bot.set_my_commands(list(commands.items())))


def _entities(text: Formatted) -> list[MessageEntity]:
    return [MessageEntity(one.type, one.offset, one.length, one.url, language=one.language) for one in text.entities]


def _markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    if not keyboard:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(text, callback_data=data) for text, data in row] for row in keyboard]
    )


def _answering(message: int | None) -> ReplyParameters | None:
    return None if message is None else ReplyParameters(message, allow_sending_without_reply=True)


async def _said(asked: Awaitable[T]) -> T:
    """Wait for an answer; turns errors of which it is known that nothing was done into sentences."""
    try:
        return await asked
    except TelegramError as problem:
        known = _known(problem)
        if known is None:
            raise
        raise known from problem


def _known(problem: TelegramError) -> AgentError | None:
    """Give what a refusal means; None for an error after which nobody knows whether it was done."""
    cause = problem.__cause__
    closed = isinstance(cause, RuntimeError) and _CLOSED in str(cause)
    if isinstance(problem, (TimedOut, NetworkError)) and (closed or isinstance(cause, _NOT_SENT)):
        return Unreachable("Telegram cannot be reached.", "It is tried again.")
    if isinstance(problem, NetworkError) and "too large" in problem.message.lower():
        return Undeliverable(f"Telegram does not take it: {problem.message}.")
    meaning = _MEANINGS.get(type(problem))
    return None if meaning is None else meaning(problem)


_MEANINGS: dict[type[TelegramError], Callable[[Any], AgentError]] = {
    RetryAfter: lambda problem: NotNow("Telegram wants fewer messages.", _seconds(problem)),
    ChatMigrated: lambda problem: Moved(problem.new_chat_id),
    InvalidToken: lambda _: TokenRefused(
        "Telegram refuses the bot's token.", "Make a new one with @BotFather, then: agent auth set TELEGRAM_BOT_TOKEN"
    ),
    Forbidden: lambda problem: ShutOut(
        f"Telegram does not let the bot write there: {problem.message}.", "Unblock the bot."
    ),
    Conflict: lambda _: Unreachable(
        "Another program asks Telegram for this bot's messages.", "Stop it: a bot has one program that reads."
    ),
    BadRequest: lambda problem: Undeliverable(f"Telegram does not take it: {problem.message}."),
}


def _seconds(problem: RetryAfter) -> float:
    wait = problem.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()
