"""Methods about chats and what happens in them besides messages."""

from typing import Any

from tests.rigs.bot_server.access import find, reach
from tests.rigs.bot_server.draft import Draft
from tests.rigs.bot_server.fields import Fields
from tests.rigs.bot_server.refusal import Refused
from tests.rigs.bot_server.sending import MOST_UNITS, find_thread
from tests.rigs.bot_server.telegram import Telegram

_DONE = ("video", "audio", "voice", "video_note")
_ACTIONS = {
    "cancel",
    "typing",
    "upload_photo",
    "upload_document",
    "choose_sticker",
    "pick_up_location",
    "find_location",
}
_ACTIONS |= {f"{what}_{kind}" for what in ("record", "upload") for kind in _DONE}
_REACTIONS = set("❤👍👎🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝✍")
_REACTIONS |= set("🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾🤷😡") | {"❤‍🔥", "👨‍💻", "🤷‍♂", "🤷‍♀"}


def send_chat_action(telegram: Telegram, fields: Fields) -> Any:
    """Show that the bot does something."""
    action = fields.text("action").lower()
    if action not in _ACTIONS:
        raise Refused("wrong parameter action in request")
    chat = reach(telegram, fields, "write")
    find_thread(telegram, chat, fields)
    chat.actions.append((telegram.clock.now(), action))
    return True


def set_message_reaction(telegram: Telegram, fields: Fields) -> Any:
    """React to a message, in place of what was there before."""
    given = fields.decoded("reaction", "reaction types") or []
    fields.flag("is_big")
    if not isinstance(given, list):
        raise Refused("expected an Array of ReactionType")
    message = find(telegram, fields, "read", "react")
    for one in given:
        if one.get("type") not in {"emoji", "custom_emoji"}:
            raise Refused("can't parse ReactionType: invalid reaction type specified")
        if one["type"] == "emoji" and one.get("emoji", "").removesuffix("\ufe0f") not in _REACTIONS:
            raise Refused("REACTION_INVALID")
    if len(given) > 1:
        raise Refused("REACTIONS_TOO_MANY")
    message.reactions[telegram.bot.id] = given
    return True


def send_message_draft(telegram: Telegram, fields: Fields) -> Any:
    """Show a text while it is still written; an empty one shows that the bot thinks."""
    shown = telegram.formatted(fields.text("text"), fields.text("parse_mode"), fields.decoded("entities", "entities"))
    chat = reach(telegram, fields, "write")
    if not chat.is_private:
        raise Refused("TEXTDRAFT_PEER_INVALID")
    number = fields.integer("draft_id")
    if not number:
        raise Refused("TEXTDRAFT_ID_INVALID")
    if shown.units > MOST_UNITS:
        raise Refused("message is too long")
    flags = fields.flag("can_stop"), fields.flag("keep_on_stop")
    thread = find_thread(telegram, chat, fields)
    chat.drafts.append(Draft(number, thread, shown, telegram.clock.now(), *flags))
    return True


def get_chat_member_count(telegram: Telegram, fields: Fields) -> Any:
    """Count who is in a chat, the bot too."""
    chat = reach(telegram, fields, "read")
    return 2 if chat.is_private else len(chat.members)


def leave_chat(telegram: Telegram, fields: Fields) -> Any:
    """Leave a group."""
    chat = reach(telegram, fields, "read")
    if chat.is_private:
        raise Refused("chat member status can't be changed in private chats")
    telegram.bot_becomes(chat, "left", telegram.bot)
    return True


def answer_callback_query(telegram: Telegram, fields: Fields) -> Any:
    """End the waiting of who tapped a button, with a word or without."""
    text, alert = fields.text("text"), fields.flag("show_alert")
    for name in ("url", "cache_time"):
        fields.text(name)
    callback = telegram.callbacks.get(fields.text("callback_query_id"))
    if callback is None or telegram.clock.now() - callback.at > telegram.callback_seconds:
        raise Refused("query is too old and response timeout expired or query ID is invalid")
    if len(text) > 200:
        raise Refused("MESSAGE_TOO_LONG")
    callback.answered, callback.text, callback.alert = True, text, alert
    return True


def get_file(telegram: Telegram, fields: Fields) -> Any:
    """Tell where a file can be fetched."""
    return telegram.files.open(fields.text("file_id"))
