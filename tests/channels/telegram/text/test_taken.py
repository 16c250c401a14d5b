"""What is sent is stored as it was sent."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from channels.telegram.text.formatted import Formatted
from channels.telegram.text.markdown import from_markdown
from channels.telegram.text.pieces import pieces
from tests.channels.telegram.text.samples import made
from tests.rigs.bot_server import TOKEN, BotServer, PlainClient

OWN = {"bold", "italic", "strikethrough", "code", "pre", "text_link", "blockquote", "expandable_blockquote"}
"""The others Telegram finds by itself."""


@pytest.fixture
def chat() -> Iterator[tuple[PlainClient, int]]:
    with BotServer() as server, PlainClient(server.url, TOKEN) as client:
        ann = server.user("Ann")
        ann.starts()
        yield client, ann.id


def as_json(message: Formatted) -> list[dict[str, Any]]:
    return [
        {"type": one.type, "offset": one.offset, "length": one.length}
        | ({"url": one.url} if one.url else {})
        | ({"language": one.language} if one.language else {})
        for one in message.entities
    ]


def send(chat: tuple[PlainClient, int], message: Formatted) -> None:
    client, person = chat
    sent = client.result("sendMessage", chat_id=person, text=message.text, entities=as_json(message))
    assert sent["text"] == message.text
    assert [one for one in sent.get("entities", []) if one["type"] in OWN] == as_json(message)


def test_texts_are_stored_as_they_are_sent(chat: tuple[PlainClient, int]) -> None:
    chance = random.Random(20)
    count = 0
    while count < 400:
        message = from_markdown(made(chance, chance.randint(1, 60)))
        if message.text and len(message.text) < 4000:
            send(chat, message)
            count += 1


def test_so_are_the_pieces_of_long_ones(chat: tuple[PlainClient, int]) -> None:
    chance = random.Random(21)
    for most in (64, 500, 4096):
        for piece in pieces(from_markdown(made(chance, 1500)), most)[:100]:
            send(chat, piece)
