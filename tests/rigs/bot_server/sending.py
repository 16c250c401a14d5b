"""What all methods have in common that send messages: where, in reply to what, with which buttons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.rigs.bot_server.access import reach
from tests.rigs.bot_server.chat import Chat
from tests.rigs.bot_server.fields import Fields
from tests.rigs.bot_server.keyboard import read_keyboard
from tests.rigs.bot_server.message import Content, Message
from tests.rigs.bot_server.refusal import Refused
from tests.rigs.bot_server.telegram import Telegram
from tests.rigs.bot_server.text.units import place_of, units

MOST_UNITS = 4096
MOST_CAPTION_UNITS = 1024
_FILES = {"photo", "document", "voice", "video", "audio", "has_media_spoiler"}
_IN_QUOTES = {"bold", "italic", "underline", "strikethrough", "spoiler", "custom_emoji", "date_time"}


def send(telegram: Telegram, fields: Fields, contents: Sequence[Content], **facts: Any) -> list[Message]:
    """Send messages as a request says, several as an album; raises Refused, and then sends none."""
    reply = _read_reply(fields)
    keyboard = read_keyboard(fields)
    chat = reach(telegram, fields, "write")
    thread = find_thread(telegram, chat, fields)
    place = reply.resolve(telegram, chat, thread)
    for content in contents:
        check_length(content)
    facts |= {
        **place,
        "markup": keyboard.inline,
        "keyboard": keyboard.other,
        "silent": fields.flag("disable_notification"),
        "protected": fields.flag("protect_content"),
        "album": telegram.album() if len(contents) > 1 else "",
    }
    _ignore(fields, "allow_paid_broadcast", "message_effect_id")
    return [telegram.post(chat, telegram.bot, content, **facts) for content in contents]


def check_length(content: Content) -> None:
    """Raise Refused where a text or a caption is longer than the API takes."""
    if units(content.get("text", "")) > MOST_UNITS:
        raise Refused("message is too long")
    if units(content.get("caption", "")) > MOST_CAPTION_UNITS:
        raise Refused("message caption is too long")


def read_text(telegram: Telegram, fields: Fields) -> Content:
    """Give the text of a request; raises Refused."""
    if not fields.text("text"):
        raise Refused("message text is empty")
    shown = telegram.formatted(fields.text("text"), fields.text("parse_mode"), fields.decoded("entities", "entities"))
    if not shown.text:
        raise Refused("text must be non-empty")
    return shown.json() | _read_preview(fields)


def _read_preview(fields: Fields) -> Content:
    """Give how links are previewed, where a request changes that."""
    given = fields.decoded("link_preview_options", "link preview options")
    if given is not None and not isinstance(given, dict):
        raise Refused("object expected as link preview options")
    off = fields.flag("disable_web_page_preview")
    options = {name: value for name, value in (given or {}).items() if value} or ({"is_disabled": True} if off else {})
    return {"link_preview_options": options} if options else {}


def read_caption(telegram: Telegram, fields: Fields) -> Content:
    """Give the caption of a request; raises Refused."""
    given = fields.decoded("caption_entities", "caption_entities")
    shown = telegram.formatted(fields.text("caption"), fields.text("parse_mode"), given)
    told = shown.json("caption", "caption_entities")
    return told | ({"show_caption_above_media": True} if told and fields.flag("show_caption_above_media") else {})


def find_thread(telegram: Telegram, chat: Chat, fields: Fields) -> int:
    """Give the topic that a request names; raises Refused."""
    thread = fields.integer("message_thread_id")
    if not thread or not (chat.is_forum or chat.is_private):
        return 0
    topic = chat.topics.get(thread)
    if topic is None or topic.deleted:
        raise Refused("message thread not found")
    if topic.closed and chat.status != "administrator":
        raise Refused("TOPIC_CLOSED")
    return thread


@dataclass(frozen=True, slots=True)
class _Reply:
    message: int = 0
    chat: str = ""
    may_lack: bool = False
    quote: str = ""
    mode: str = ""
    entities: Sequence[Any] = ()
    position: int = 0

    def resolve(self, telegram: Telegram, chat: Chat, thread: int) -> dict[str, Any]:
        """Give the facts of a message that is this reply."""
        source = reach(telegram, Fields({"chat_id": self.chat}), "read") if self.chat else chat
        found = source.messages.get(self.message) if self.message else None
        if found is None:
            # Elsewhere it may never lack.
            if self.message and (not self.may_lack or source is not chat):
                raise Refused("message to be replied not found")
            return {"thread": thread, "reply_to": chat.messages.get(thread)}
        quote = self._quoted(telegram, found)
        if source is not chat or (thread and found.thread != thread):
            origin = {"type": "user", "sender_user": found.sender.json(), "date": found.date}
            files = {name: value for name, value in found.content.items() if name in _FILES}
            external = {"origin": origin, "chat": source.json(), "message_id": found.id} | files
            return {"thread": thread, "external": external, "quote": quote}
        return {"thread": found.thread, "reply_to": found, "quote": quote}

    def _quoted(self, telegram: Telegram, found: Message) -> dict[str, Any] | None:
        if not self.quote:
            return None
        shown = telegram.formatted(self.quote, self.mode, self.entities)
        hinted = place_of(found.text, self.position) or 0
        place = max(found.text.find(shown.text, hinted), found.text.find(shown.text))
        if place < 0 or not shown.text:
            raise Refused("QUOTE_TEXT_INVALID")
        kept = [dict(one) for one in shown.entities if one["type"] in _IN_QUOTES]
        told = {"text": shown.text, "position": units(found.text[:place]), "is_manual": True}
        return told | ({"entities": kept} if kept else {})


def _read_reply(fields: Fields) -> _Reply:
    lacking = fields.flag("allow_sending_without_reply")
    old = fields.integer("reply_to_message_id")
    given = fields.decoded("reply_parameters", "reply parameters")
    if given is None:
        return _Reply(old, may_lack=lacking)
    if not isinstance(given, dict):
        raise Refused("object expected as reply parameters")
    if not given:
        return _Reply()
    if "message_id" not in given:
        raise Refused('can\'t find field "message_id"')
    may_lack = bool(given.get("allow_sending_without_reply"))
    return _Reply(
        int(given["message_id"]),
        str(given.get("chat_id") or ""),
        may_lack,
        given.get("quote") or "",
        given.get("quote_parse_mode") or "",
        given.get("quote_entities") or (),
        int(given.get("quote_position") or 0),
    )


def _ignore(fields: Fields, *names: str) -> None:
    """Look at parameters that change nothing a bot is told."""
    for name in names:
        fields.text(name)
