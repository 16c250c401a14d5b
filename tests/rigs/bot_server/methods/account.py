"""Methods about the bot itself."""

import re
from typing import Any

from tests.rigs.bot_server.fields import Fields
from tests.rigs.bot_server.methods.described import Described
from tests.rigs.bot_server.refusal import Refused, too_many
from tests.rigs.bot_server.telegram import Telegram

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SCOPES = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
_CHAT_SCOPES = {"chat", "chat_administrators", "chat_member"}
_TEN_MINUTES = 600.0


def get_me(telegram: Telegram, fields: Fields) -> Any:
    """Tell who the bot is."""
    return telegram.account.json()


def set_webhook(telegram: Telegram, fields: Fields) -> Any:
    """Keep a webhook's address; nothing is ever sent there."""
    url = fields.text("url")
    if not url:
        return delete_webhook(telegram, fields)
    if not url.startswith("https://"):
        raise Refused("bad webhook: An HTTPS URL must be provided for webhook")
    telegram.account.webhook = url
    return Described(True, "Webhook was set")


def delete_webhook(telegram: Telegram, fields: Fields) -> Any:
    """Forget the webhook, and what waits where that is wanted."""
    if fields.flag("drop_pending_updates"):
        telegram.updates.drop()
    was, telegram.account.webhook = telegram.account.webhook, ""
    return Described(True, "Webhook was deleted" if was else "Webhook is already deleted")


def get_webhook_info(telegram: Telegram, fields: Fields) -> Any:
    """Tell of the webhook."""
    told = {"url": telegram.account.webhook, "has_custom_certificate": False}
    return told | {"pending_update_count": len(telegram.updates.waiting)}


def _scope(fields: Fields) -> tuple[str, str]:
    given = fields.decoded("scope", "BotCommandScope") or {"type": "default"}
    kind = given.get("type")
    if kind not in _SCOPES | _CHAT_SCOPES:
        raise Refused("can't parse BotCommandScope: Unsupported type specified")
    if kind in _CHAT_SCOPES and not given.get("chat_id"):
        raise Refused("can't parse BotCommandScope: Can't find field \"chat_id\"")
    parts = [kind, *(str(given[name]) for name in ("chat_id", "user_id") if given.get(name))]
    return ":".join(parts), fields.text("language_code")


def set_my_commands(telegram: Telegram, fields: Fields) -> Any:
    """Keep the commands of a scope."""
    given = fields.decoded("commands", "commands")
    scope = _scope(fields)
    if not isinstance(given, list):
        raise Refused("expected an Array of BotCommand")
    if len(given) > 100:
        raise Refused("BOT_COMMANDS_TOO_MUCH")
    telegram.account.commands[scope] = [_command(one) for one in given]
    return True


def _command(given: Any) -> dict[str, Any]:
    for name in ("command", "description"):
        if name not in given:
            raise Refused(f"can't parse BotCommand: Can't find field \"{name}\"")
    if not _COMMAND.fullmatch(given["command"].removeprefix("/")):
        raise Refused("BOT_COMMAND_INVALID")
    if not 1 <= len(given["description"]) <= 256:
        raise Refused("BOT_COMMAND_DESCRIPTION_INVALID")
    told = {"command": given["command"].removeprefix("/"), "description": given["description"]}
    return told | ({"is_ephemeral": True} if given.get("is_ephemeral") else {})


def get_my_commands(telegram: Telegram, fields: Fields) -> Any:
    """Tell the commands of a scope."""
    return telegram.account.commands.get(_scope(fields), [])


def delete_my_commands(telegram: Telegram, fields: Fields) -> Any:
    """Forget the commands of a scope."""
    telegram.account.commands.pop(_scope(fields), None)
    return True


def set_chat_menu_button(telegram: Telegram, fields: Fields) -> Any:
    """Keep the button beside the input, of one chat or (0) of all."""
    button = fields.decoded("menu_button", "menu button") or {"type": "default"}
    if button.get("type") not in {"default", "commands", "web_app"}:
        raise Refused("can't parse menu button: MenuButton has unsupported type")
    telegram.account.menus[fields.integer("chat_id")] = button
    return True


def get_chat_menu_button(telegram: Telegram, fields: Fields) -> Any:
    """Tell the button beside the input."""
    menus = telegram.account.menus
    return menus.get(fields.integer("chat_id")) or menus.get(0) or {"type": "commands"}


def close(telegram: Telegram, fields: Fields) -> Any:
    """End the bot's session at the server, which may not be in its first ten minutes."""
    wait = telegram.account.launched + _TEN_MINUTES - telegram.clock.now()
    if telegram.account.closed:
        raise Refused("the bot has already been closed")
    if wait > 0:
        raise too_many(int(wait) + 1)
    telegram.account.closed = True
    return True


def log_out(telegram: Telegram, fields: Fields) -> Any:
    """Log out for ten minutes; all that waits is lost."""
    telegram.account.out_until = telegram.clock.now() + _TEN_MINUTES
    telegram.updates.drop()
    return True
