"""The methods of the Bot API that the server knows, but getUpdates, which has to wait (polling.py)."""

from collections.abc import Callable
from typing import Any

from tests.rigs.bot_server.fields import Fields
from tests.rigs.bot_server.methods import account, chats, edits, messages
from tests.rigs.bot_server.telegram import Telegram

Method = Callable[[Telegram, Fields], Any]

METHODS: dict[str, Method] = {
    "getMe": account.get_me,
    "setWebhook": account.set_webhook,
    "deleteWebhook": account.delete_webhook,
    "getWebhookInfo": account.get_webhook_info,
    "setMyCommands": account.set_my_commands,
    "getMyCommands": account.get_my_commands,
    "deleteMyCommands": account.delete_my_commands,
    "setChatMenuButton": account.set_chat_menu_button,
    "getChatMenuButton": account.get_chat_menu_button,
    "close": account.close,
    "logOut": account.log_out,
    "sendMessage": messages.send_message,
    "sendDocument": messages.send_document,
    "sendPhoto": messages.send_photo,
    "sendMediaGroup": messages.send_media_group,
    "copyMessage": messages.copy_message,
    "forwardMessage": messages.forward_message,
    "editMessageText": edits.edit_message_text,
    "editMessageCaption": edits.edit_message_caption,
    "editMessageReplyMarkup": edits.edit_message_reply_markup,
    "deleteMessage": edits.delete_message,
    "deleteMessages": edits.delete_messages,
    "sendChatAction": chats.send_chat_action,
    "setMessageReaction": chats.set_message_reaction,
    "sendMessageDraft": chats.send_message_draft,
    "getChatMemberCount": chats.get_chat_member_count,
    "leaveChat": chats.leave_chat,
    "answerCallbackQuery": chats.answer_callback_query,
    "getFile": chats.get_file,
}
"""By their names as the documentation writes them."""

NAMES = {name.lower(): name for name in (*METHODS, "getUpdates")}
"""The API does not look at the case of a name."""
