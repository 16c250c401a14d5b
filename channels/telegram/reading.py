"""Updates as Telegram sends them, read into messages of ours: what are the sender's own words, and what are not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from telegram import Bot, CallbackQuery, Message, Update

from channels.telegram.place import Place, called
from channels.telegram.quotations import split
from channels.telegram.shown import is_said, others_words, own_words
from daemon.domain.message import Incoming
from daemon.domain.principal import Principal, Role

CHANNEL = "telegram"


@dataclass(frozen=True, slots=True)
class Read:
    """An update that somebody sent: who, where, and what of it is kept."""

    user: int
    name: str
    chat: int
    private: bool
    message: Incoming


def read(raw: dict[str, Any], bot: Bot) -> Read | None:
    """Read an update; None for what nobody says (a member who joins, a message that is pinned), or says by name."""
    update = Update.de_json(raw, bot)
    if update.callback_query is not None:
        return _tap(update.update_id, update.callback_query)
    message = update.message or update.edited_message
    if message is None or message.from_user is None or message.sender_chat is not None or not is_said(message):
        return None
    if update.edited_message is not None and message.location is not None:
        return None  # somebody who shares where they are moves on
    return _message(update.update_id, message, bot.id, edited=update.edited_message is not None)


def unread(raw: dict[str, Any]) -> Read | None:
    """Give what can be said of an update that cannot be read: who sent it, and where."""
    message = raw.get("message") or {}
    user, chat = message.get("from") or {}, message.get("chat") or {}
    if not ("id" in user and "id" in chat and "message_id" in message):
        return None
    name = called(chat["id"], message["message_id"])
    incoming = Incoming(
        channel=CHANNEL,
        external_id=f"{raw['update_id']}:{name}",
        external_thread=Place(chat["id"], None).thread,
        principal=Principal(Role.OWNER, CHANNEL, str(user["id"])),
        text="",
        message=name,
        sent_at=float(message.get("date", 0)),
    )
    return Read(user["id"], str(user.get("first_name", "")), chat["id"], chat.get("type") == "private", incoming)


def moved(raw: dict[str, Any]) -> tuple[int, int] | None:
    """Give the old and the new number of a chat, where an update says that it became a supergroup."""
    message = raw.get("message") or {}
    new = message.get("migrate_to_chat_id")
    return (int(message["chat"]["id"]), int(new)) if new else None


def gatherings(raw: dict[str, Any]) -> list[int]:
    """Give the chat to which somebody came, or from which somebody went, by an update."""
    message = raw.get("message") or {}
    if "new_chat_members" in message or "left_chat_member" in message:
        return [int(message["chat"]["id"])]
    return []


def publicity(raw: dict[str, Any]) -> tuple[int, bool] | None:
    """Give the group that an update is of, and whether it has a public name."""
    chat = (raw.get("message") or raw.get("edited_message") or {}).get("chat") or {}
    return (int(chat["id"]), bool(chat.get("username"))) if chat.get("type") == "supergroup" else None


def _tap(number: int, tap: CallbackQuery) -> Read | None:
    message = tap.message
    if message is None:
        return None
    topic = getattr(message, "message_thread_id", None) if getattr(message, "is_topic_message", False) else None
    place = Place(message.chat.id, topic)
    incoming = Incoming(
        channel=CHANNEL,
        external_id=f"{number}:{tap.id}",
        external_thread=place.thread,
        principal=Principal(Role.OWNER, CHANNEL, str(tap.from_user.id)),
        text="",
        details={"tap": tap.data or "", "tap_id": tap.id, "on": called(message.chat.id, message.message_id)},
    )
    private = message.chat.type == "private"
    return Read(tap.from_user.id, tap.from_user.full_name, message.chat.id, private, incoming)


def _message(number: int, message: Message, own_id: int, *, edited: bool) -> Read:
    user = message.from_user
    if user is None:
        raise ValueError("a message of nobody")
    place = Place(message.chat.id, message.message_thread_id if message.is_topic_message else None)
    own, quoted = _words(message, own_id)
    name = called(message.chat.id, message.message_id)
    at = message.edit_date if edited and message.edit_date else message.date
    details = _details(message) | ({"edited": name} if edited else {})
    incoming = Incoming(
        channel=CHANNEL,
        external_id=f"{number}:{name}",
        external_thread=place.thread,
        principal=Principal(Role.OWNER, CHANNEL, str(user.id)),
        text=own,
        message="" if edited else name,
        quoted=quoted,
        details=details,
        sent_at=_seconds(at),
    )
    return Read(user.id, user.full_name, message.chat.id, message.chat.type == "private", incoming)


def _details(message: Message) -> dict[str, Any]:
    details: dict[str, Any] = {}
    files = _attachments(message)
    if files:
        details["files"] = files
    if message.media_group_id:
        details["group"] = message.media_group_id
    answered = message.reply_to_message
    if answered is not None and answered.forum_topic_created is None:
        details["answers"] = called(message.chat.id, answered.message_id)
    if message.forward_origin is not None:
        details["forwarded"] = True
    spoken = message.voice or message.video_note
    if spoken is not None:
        details["seconds"] = _length(spoken.duration)
    return details


def _words(message: Message, own_id: int) -> tuple[str, str]:
    """Give the sender's own words, and those of others: forwarded, quoted, set by an inline bot.

    What is quoted of a message of ours says nothing new, and is left out.
    """
    text = message.text or message.caption or own_words(message)
    entities = message.entities or message.caption_entities
    own, set_apart = split(text, entities)
    answered = message.reply_to_message
    ours = answered is not None and answered.from_user is not None and answered.from_user.id == own_id
    others = [message.quote.text] if message.quote is not None and not ours else []
    others += [text for text in (others_words(message),) if text]
    if message.forward_origin is not None or message.via_bot is not None:
        # Whoever called a file so speaks by that too.
        sent = (message.document, message.audio, message.video, message.animation)
        names = [one.file_name for one in sent if one is not None and one.file_name]
        return "", "\n\n".join([*others, own, *set_apart, *names]).strip()
    return own, "\n\n".join([*others, *set_apart]).strip()


def _attachments(message: Message) -> list[dict[str, Any]]:
    """Give what files came along: the library's name, the owner's name for it, its size in bytes or None."""
    number = message.message_id
    if message.photo:
        largest = max(message.photo, key=lambda one: one.width * one.height)
        return [_file(largest, f"photo-{number}.jpg")]
    for attached, name in (
        (message.animation, f"animation-{number}.mp4"),  # before the document that comes with it
        (message.document, f"file-{number}"),
        (message.audio, f"audio-{number}.mp3"),
        (message.video, f"video-{number}.mp4"),
        (message.voice, f"voice-{number}.ogg"),
        (message.video_note, f"video-{number}.mp4"),
    ):
        if attached is not None:
            return [_file(attached, getattr(attached, "file_name", None) or name)]
    return []


def _file(attached: Any, name: str) -> dict[str, Any]:
    return {"id": attached.file_id, "name": name, "size": attached.file_size}


def _seconds(moment: datetime) -> float:
    return moment.timestamp()


def _length(duration: int | timedelta) -> float:
    return duration.total_seconds() if isinstance(duration, timedelta) else float(duration)
