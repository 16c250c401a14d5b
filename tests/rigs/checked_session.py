"""A session of aiogram that takes no answer which aiogram's models of the Bot API do not know to the last key."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import Response, TelegramMethod
from aiogram.types import TelegramObject

Result = TypeVar("Result")
Key = tuple[str, str]
"""The name of a model and a key that came in its place."""

KEPT: Mapping[Key, str] = {
    ("Chat", "all_members_are_administrators"): "the official server still sends it of groups, for old clients",
    ("Chat", "accepted_gift_types"): "the official server sends it of groups, not only in ChatFullInfo",
    ("Message", "new_chat_participant"): "the official server sends it beside new_chat_members, for old clients",
    ("Message", "new_chat_member"): "the official server sends it beside new_chat_members, for old clients",
    ("Message", "left_chat_participant"): "the official server sends it beside left_chat_member, for old clients",
}
"""Keys that are sent though the documentation does not have them there, and why."""


class CheckedSession(AiohttpSession):
    """Asks the server at an address. `told` are all answers by their methods, `kept` the keys of KEPT that came."""

    def __init__(self, url: str) -> None:
        """Ask there."""
        super().__init__(api=TelegramAPIServer.from_base(url))
        self.told: list[tuple[str, Any]] = []
        self.kept: set[Key] = set()

    async def close(self) -> None:
        """Hang up, without the time that connections with TLS would need."""
        if self._session is not None:
            await self._session.close()

    def check_response(
        self, bot: Bot, method: TelegramMethod[Result], status_code: int, content: str
    ) -> Response[Result]:
        """Read an answer; raises AssertionError where it is not what the models say. A page is none of the API's."""
        if content.startswith("{"):
            told = json.loads(content)
            self.told.append((method.__api_method__, told))
            self.kept |= check(Response[method.__returning__], told)  # type: ignore[name-defined]
        return super().check_response(bot, method, status_code, content)


def check(model: type[Any], told: Mapping[str, Any]) -> set[Key]:
    """Read JSON by a model and give the keys of KEPT in it; raises where the model does not know all, or reads other.

    What aiogram reads leniently (a number in the place of a text, a number for a truth) is found by writing it again,
    and so are names of kinds that it would know without being told.
    """
    read = model.model_validate(told)
    extra = set(unknown(read))
    assert not extra - set(KEPT), f"unknown to aiogram: {sorted(extra - set(KEPT))} in {told}"
    lacking = set(untold(read))
    assert not lacking, f"not told: {sorted(lacking)} in {told}"
    written = read.model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert _text(written) == _text(told), f"not what aiogram read: {_text(told)} is {_text(written)}"
    return extra


def unknown(value: Any) -> Iterator[Key]:
    """Give the keys that the models of a value do not have, and those of all that is in it."""
    for one in _objects(value):
        yield from ((type(one).__name__, name) for name in one.model_extra or {})


def untold(value: Any) -> Iterator[Key]:
    """Give the fields that must be told, but that models of a value fill in by themselves: names of kinds, dates."""
    for one in _objects(value):
        filled = {name for name, field in type(one).model_fields.items() if isinstance(field.default, str | int)}
        yield from ((type(one).__name__, name) for name in filled - one.model_fields_set)


def _objects(value: Any) -> Iterator[TelegramObject | Response[Any]]:
    if isinstance(value, TelegramObject | Response):
        yield value
        yield from _objects([getattr(value, name) for name in value.model_fields_set])
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _objects(one)


def _text(told: Any) -> str:
    return json.dumps(told, sort_keys=True, ensure_ascii=False)
