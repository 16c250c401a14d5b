"""Keyboards below messages."""

from dataclasses import dataclass
from typing import Any

from tests.rigs.bot_server.fields import Fields
from tests.rigs.bot_server.refusal import Refused
from tests.rigs.bot_server.text.link import checked, person_of

_MOST_BUTTONS = 100
_MOST_DATA = 64
_KINDS = (
    "callback_game",
    "pay",
    "switch_inline_query",
    "switch_inline_query_chosen_chat",
    "switch_inline_query_current_chat",
    "login_url",
    "web_app",
    "copy_text",
)
_STYLES = {"", "default", "primary", "danger", "success"}


@dataclass(frozen=True, slots=True)
class Keyboard:
    """The buttons of a message, or in place of the user's keyboard; neither where there are none."""

    inline: dict[str, Any] | None = None
    other: dict[str, Any] | None = None


def read_keyboard(fields: Fields) -> Keyboard:
    """Read reply_markup; raises Refused."""
    given = fields.decoded("reply_markup", "reply keyboard markup")
    if given is None:
        return Keyboard()
    if not isinstance(given, dict):
        raise Refused("object expected as reply markup")
    rows = given.get("inline_keyboard")
    if rows is None:
        return Keyboard(other=given or None)
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Refused('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    made = [made for row in rows if (made := [_button(button) for button in row])]
    if sum(len(row) for row in made) > _MOST_BUTTONS:
        raise Refused("reply markup is too long")
    return Keyboard({"inline_keyboard": made} if made else None)


def _button(given: Any) -> dict[str, Any]:
    try:
        return _checked_button(given)
    except _Unreadable as problem:
        raise Refused(f"can't parse inline keyboard button: {problem}") from None


class _Unreadable(Exception):
    pass


def _checked_button(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise _Unreadable("InlineKeyboardButton must be an Object")
    if not isinstance(given.get("text"), str):
        raise _Unreadable('Can\'t find field "text"' if "text" not in given else 'Field "text" must be of type String')
    if given.get("style", "") not in _STYLES:
        raise _Unreadable("invalid button style specified")
    looks = {name: given[name] for name in ("icon_custom_emoji_id", "style") if given.get(name)}
    button = {"text": given["text"]} | looks | _action(given)
    if not given["text"].strip():
        raise Refused("inline keyboard button text must be non-empty")
    return button


def _action(given: dict[str, Any]) -> dict[str, Any]:
    if url := given.get("url"):
        known = url if person_of(url) else checked(url)
        if not known:
            raise Refused(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
        return {"url": known}
    if data := given.get("callback_data"):
        if len(data.encode()) > _MOST_DATA:
            raise Refused("BUTTON_DATA_INVALID")
        return {"callback_data": data}
    for kind in _KINDS:
        if kind in given:
            return {kind: given[kind]}
    raise _Unreadable("Text buttons are unallowed in the inline keyboard")
