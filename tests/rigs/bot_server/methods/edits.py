"""Methods that change and delete messages."""

from typing import Any

from tests.rigs.bot_server.access import find, reach
from tests.rigs.bot_server.fields import Fields
from tests.rigs.bot_server.keyboard import read_keyboard
from tests.rigs.bot_server.message import Content, Message
from tests.rigs.bot_server.refusal import Refused
from tests.rigs.bot_server.sending import check_length, read_caption, read_text
from tests.rigs.bot_server.telegram import Telegram

_UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
_DELETABLE_SECONDS = 48 * 3600


def edit_message_text(telegram: Telegram, fields: Fields) -> Any:
    """Change a text, and the buttons below it."""
    return _edit(telegram, fields, "text", read_text(telegram, fields))


def edit_message_caption(telegram: Telegram, fields: Fields) -> Any:
    """Change the caption of a file, and the buttons below it."""
    return _edit(telegram, fields, "caption", read_caption(telegram, fields))


def edit_message_reply_markup(telegram: Telegram, fields: Fields) -> Any:
    """Change the buttons alone."""
    return _edit(telegram, fields, "", {})


def _edit(telegram: Telegram, fields: Fields, part: str, shown: Content) -> Any:
    keyboard = read_keyboard(fields)
    if not fields.text("chat_id") and not fields.integer("message_id"):
        raise Refused("message identifier is not specified")
    message = find(telegram, fields, "edit", "edit")
    _check_editable(telegram, message)
    if part == "text" and "text" not in message.content:
        raise Refused("there is no text in the message to edit")
    if part == "caption" and "text" in message.content:
        raise Refused("there is no caption in the message to edit")
    check_length(shown)
    names = {"text", "entities", "caption", "caption_entities", "link_preview_options"} if part else set()
    content = {name: value for name, value in message.content.items() if name not in names} | shown
    if content == message.content and keyboard.inline == message.markup:
        raise Refused(_UNCHANGED)
    message.earlier.append(message.content)
    message.content, message.markup = content, keyboard.inline
    # A change of the buttons alone is not marked as an edit.
    message.edited = telegram.clock.unix() if part else message.edited
    return message.json()


def _check_editable(telegram: Telegram, message: Message) -> None:
    own = message.sender is telegram.bot and message.origin is None
    if not own or message.keyboard is not None or message.chat.upgraded_to:
        raise Refused("message can't be edited")


def delete_message(telegram: Telegram, fields: Fields) -> Any:
    """Delete a message for everyone."""
    if not fields.text("chat_id"):
        raise Refused("chat identifier is not specified")
    if not fields.integer("message_id"):
        raise Refused("message identifier is not specified")
    _delete(telegram, find(telegram, fields, "write", "delete"))
    return True


def delete_messages(telegram: Telegram, fields: Fields) -> Any:
    """Delete several messages; those that are not there are passed over."""
    numbers = fields.decoded("message_ids", "message_ids") or []
    if not 1 <= len(numbers) <= 100:
        raise Refused("too many message identifiers specified" if numbers else "message identifiers are not specified")
    chat = reach(telegram, fields, "write")
    for message in [chat.messages[number] for number in numbers if number in chat.messages]:
        _delete(telegram, message)
    return True


def _delete(telegram: Telegram, message: Message) -> None:
    chat = message.chat
    if not chat.is_private and chat.status != "administrator" and message.sender is not telegram.bot:
        raise Refused("message can't be deleted")
    if chat.status != "administrator" and telegram.clock.now() - message.date > _DELETABLE_SECONDS:
        raise Refused("message can't be deleted for everyone")
    chat.deleted[message.id] = chat.messages.pop(message.id)
