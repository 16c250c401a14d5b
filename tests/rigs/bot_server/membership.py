"""Who is in a chat, and which of its messages a bot hears."""

from typing import Any

from tests.rigs.bot_server.account import Account
from tests.rigs.bot_server.chat import Chat
from tests.rigs.bot_server.message import Message
from tests.rigs.bot_server.person import Person

_RIGHTS = (
    "can_manage_chat",
    "can_change_info",
    "can_delete_messages",
    "can_invite_users",
    "can_restrict_members",
    "can_pin_messages",
    "can_promote_members",
    "can_manage_video_chats",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_manage_topics",
    "can_send_welcome_messages",
    "is_anonymous",
)


def member(person: Person, status: str) -> dict[str, Any]:
    """Give the ChatMember of the API."""
    told: dict[str, Any] = {"user": person.json(), "status": status}
    if status == "kicked":
        return told | {"until_date": 0}
    if status == "administrator":
        return told | {"can_be_edited": False} | {right: right != "is_anonymous" for right in _RIGHTS}
    return told


def changed(chat: Chat, by: Person, whom: Person, before: str, now: str, date: int) -> dict[str, Any]:
    """Give the ChatMemberUpdated of the API."""
    return {
        "chat": chat.json(),
        "from": by.json(),
        "date": date,
        "old_chat_member": member(whom, before),
        "new_chat_member": member(whom, now),
    }


def leaves_out(account: Account, message: Message) -> bool:
    """Say whether a bot does not hear of a message: it is not there, or its privacy mode keeps it from it."""
    chat = message.chat
    if chat.status in {"left", "kicked"}:
        return True
    if chat.is_private or chat.status == "administrator" or account.reads_all or not _is_said(message):
        return False
    reply = message.reply_to
    return not (reply is not None and reply.sender is account.person) and not _calls(account, message)


def _is_said(message: Message) -> bool:
    """Say whether somebody said it; the rest are messages of the service."""
    return not any(name.startswith(("new_chat", "left_chat", "forum_topic", "migrate")) for name in message.content)


def _calls(account: Account, message: Message) -> bool:
    """Say whether it names the bot, or is a command that may be meant for it."""
    name = f"@{account.username}".lower()
    entities = message.content.get("entities") or message.content.get("caption_entities") or []
    for one in entities:
        words = message.text.encode("utf-16-le")[2 * one["offset"] : 2 * (one["offset"] + one["length"])]
        word = words.decode("utf-16-le").lower()
        if one["type"] == "bot_command" and ("@" not in word or word.endswith(name)):
            return True
        if one["type"] == "mention" and word == name:
            return True
        if one["type"] == "text_mention" and one["user"]["id"] == account.id:
            return True
    return False
