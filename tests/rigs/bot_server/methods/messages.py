"""Methods that send messages."""

from typing import Any

from tests.rigs.bot_server.access import find
from tests.rigs.bot_server.fields import Fields
from tests.rigs.bot_server.message import Content
from tests.rigs.bot_server.refusal import Refused
from tests.rigs.bot_server.sending import read_caption, read_text, send
from tests.rigs.bot_server.telegram import Telegram

_ALBUM = {"photo", "video", "document", "audio"}
_ALONE = {"document", "audio"}
_MOST_ITEMS = 10


def send_message(telegram: Telegram, fields: Fields) -> Any:
    """Send a text."""
    return send(telegram, fields, [read_text(telegram, fields)])[0].json()


def send_document(telegram: Telegram, fields: Fields) -> Any:
    """Send a file."""
    fields.flag("disable_content_type_detection")
    return _send_file(telegram, fields, "document")


def send_photo(telegram: Telegram, fields: Fields) -> Any:
    """Send a photo."""
    spoiler = {"has_media_spoiler": True} if fields.flag("has_spoiler") else {}
    return _send_file(telegram, fields, "photo", spoiler)


def _send_file(telegram: Telegram, fields: Fields, kind: str, more: Content | None = None) -> Any:
    content = telegram.media.requested(kind, fields, kind, fields.text(kind))
    content = content | read_caption(telegram, fields) | (more or {})
    return send(telegram, fields, [content])[0].json()


def send_media_group(telegram: Telegram, fields: Fields) -> Any:
    """Send an album."""
    if not fields.text("media"):
        raise Refused('parameter "media" is required')
    given = fields.decoded("media", "media")
    if not isinstance(given, list):
        raise Refused("expected an Array of InputMedia")
    if len(given) > _MOST_ITEMS:
        raise Refused("too many messages to send as an album")
    if not given:
        raise Refused("there are no messages to send")
    contents = [_album_item(telegram, fields, one) for one in given]
    kinds = {one["type"] for one in given}
    if len(kinds) > 1 and kinds & _ALONE:
        raise Refused(f"{sorted(kinds & _ALONE)[0].capitalize()} can't be mixed with other media types")
    return [message.json() for message in send(telegram, fields, contents)]


def _album_item(telegram: Telegram, fields: Fields, given: Any) -> Content:
    kind = given.get("type") if isinstance(given, dict) else None
    if kind not in _ALBUM:
        wrong = f'type "{kind}" can\'t be used in sendMediaGroup' if kind else "expected an Object"
        raise Refused(f"can't parse InputMedia: {wrong}")
    if not given.get("media"):
        raise Refused("can't parse InputMedia: media not found")
    if given["media"].startswith("attach://") and given["media"].removeprefix("attach://") not in fields.uploads:
        raise Refused("can't parse InputMedia: media not found")
    content = telegram.media.requested(kind, fields, "", given["media"])
    shown = telegram.formatted(given.get("caption", ""), given.get("parse_mode", ""), given.get("caption_entities"))
    return content | shown.json("caption", "caption_entities")


def copy_message(telegram: Telegram, fields: Fields) -> Any:
    """Send a message again as one's own."""
    found = find(telegram, fields, "read", "copy", "from_chat_id")
    if found.protected or any(name.startswith(("new_", "forum_", "migrate_")) for name in found.content):
        raise Refused("message can't be copied")
    content = dict(found.content)
    if "text" not in content and "caption" in fields:
        kept = {name: value for name, value in content.items() if not name.startswith("caption")}
        content = kept | read_caption(telegram, fields)
    return {"message_id": send(telegram, fields, [content])[0].id}


def forward_message(telegram: Telegram, fields: Fields) -> Any:
    """Send a message on, with the name of who wrote it."""
    found = find(telegram, fields, "read", "forward", "from_chat_id")
    if found.protected:
        raise Refused("message has protected content and can't be forwarded")
    origin = found.origin or {"type": "user", "sender_user": found.sender.json(), "date": found.date}
    return send(telegram, fields, [dict(found.content)], origin=origin)[0].json()
