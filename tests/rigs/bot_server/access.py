"""Which chats and messages a bot may reach, and what it is told where it may not."""

from typing import Literal

from tests.rigs.bot_server.chat import Chat
from tests.rigs.bot_server.fields import Fields
from tests.rigs.bot_server.message import Message
from tests.rigs.bot_server.refusal import Refused
from tests.rigs.bot_server.telegram import Telegram

Access = Literal["read", "edit", "write"]


def reach(telegram: Telegram, fields: Fields, access: Access, name: str = "chat_id") -> Chat:
    """Give the chat that a request names; raises Refused."""
    given = fields.text(name)
    if not given:
        raise Refused(f"{name} is empty")
    number = int(given) if given.lstrip("-").isdecimal() else 0
    known = telegram.people.get(number)
    if known is not None and known is not telegram.bot:
        return _reach_person(telegram.private(known), access)
    chat = telegram.chats.get(number)
    if chat is None:
        raise Refused("chat not found")
    _check_group(chat, access)
    return chat


def _reach_person(chat: Chat, access: Access) -> Chat:
    assert chat.person is not None
    if chat.person.deactivated and access != "read":
        raise Refused("user is deactivated", 403)
    if access == "write" and chat.person.is_bot:
        raise Refused("bot can't send messages to bots", 403)
    if access == "write" and chat.status == "left":
        raise Refused("bot can't initiate conversation with a user", 403)
    if access == "write" and chat.status == "kicked":
        raise Refused("bot was blocked by the user", 403)
    return chat


def _check_group(chat: Chat, access: Access) -> None:
    if chat.upgraded_to:
        if access == "write":
            raise Refused("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.upgraded_to)
        return
    if chat.kind == "group" and access == "read":
        return
    if chat.status == "kicked":
        raise Refused(f"bot was kicked from the {chat.kind} chat", 403)
    if chat.status == "left":
        raise Refused(f"bot is not a member of the {chat.kind} chat", 403)


def find(telegram: Telegram, fields: Fields, access: Access, what: str, name: str = "chat_id") -> Message:
    """Give the message that a request names; raises Refused, which says `what` it was to be."""
    chat = reach(telegram, fields, access, name)
    found = chat.messages.get(fields.integer("message_id"))
    if found is None:
        raise Refused(f"message to {what} not found")
    return found
