"""Thoughts that a provider sealed are sent back as they were in the next request of the run, to the same model only."""

import base64
import json
import random
from typing import Any

import pytest

from agents.models.child.thoughts import add_detail
from agents.transcript import fold
from daemon.domain.model import ModelReply, ModelRequest
from daemon.engine.redaction.outcomes import clean_reply
from daemon.engine.redaction.redactor import Redactor
from tests.agents.models.stage import NOTE, PLENTY, Stage
from tests.agents.steps import Recorded
from tests.rigs.model_server import Call, HiddenThought, Reply, Text, Thought, Transit, every_byte

pytestmark = pytest.mark.asyncio(loop_scope="module")

SEAL = base64.b64encode(random.Random(7).randbytes(600)).decode()
OPENING = ({"role": "system", "content": "be good"}, {"role": "user", "content": "hi"})
THINKING = (
    Thought("I look at both of them.", signature=SEAL),
    HiddenThought(SEAL[::-1]),
    Text("I note it."),
    Call("note", {"text": "x"}),
)
_FORMAT = {"format": "anthropic-claude-v1", "index": 0}
DETAILS = [
    {"type": "reasoning.text", "text": "I look at both of them.", "signature": SEAL, **_FORMAT},
    {"type": "reasoning.encrypted", "data": SEAL[::-1], **_FORMAT},
]


def after(reply: ModelReply) -> tuple[Any, ...]:
    """Give the messages of the next request, from what the journal holds of a reply."""
    # What is recorded is cleaned and is JSON.
    reply = clean_reply(Redactor(["hunter22-hunter22"], b"key"), reply)
    kept = json.loads(json.dumps(dict(reply.kept)))
    calls = [(call.tool, dict(call.arguments)) for call in reply.calls]
    run = Recorded().said(reply.text, *calls, kept=kept).did("note", "Noted.", text="x")
    return fold("be good", "hi", run.steps).messages


async def ask(play: Stage, name: str, messages: tuple[Any, ...]) -> tuple[ModelReply, bytes]:
    reply = await play.models.complete(ModelRequest(name, messages, (NOTE,)), PLENTY)
    server = "local" if name in ("local", "native") else name
    return reply, play.servers[server].calls[-1].body


@pytest.mark.parametrize("cut", [Transit(), Transit(cut=every_byte)])
async def test_details_of_reasoning_go_back_as_they_came(play: Stage, cut: Transit) -> None:
    play.plays(openrouter=[Reply(THINKING, transit=cut), Text("done"), Text("done")])
    reply, first = await ask(play, "openrouter", OPENING)
    assert reply.kept["message"] == {"reasoning_details": DETAILS}
    messages = after(reply)
    _, second = await ask(play, "openrouter", messages)
    sent = json.loads(second)["messages"]
    assert sent[2]["reasoning_details"] == DETAILS
    assert sent[:2] == json.loads(first)["messages"]
    assert b"reasoning" not in first
    _, again = await ask(play, "openrouter", messages)
    assert again == second


async def test_they_go_to_no_other_model(play: Stage) -> None:
    play.plays(openrouter=[THINKING], local=[Text("done")])
    reply, _ = await ask(play, "openrouter", OPENING)
    _, body = await ask(play, "local", after(reply))
    assert b"reasoning" not in body


async def test_a_reply_without_thoughts_keeps_none(play: Stage) -> None:
    play.plays(openrouter=[Text("hello")])
    assert (await ask(play, "openrouter", OPENING))[0].kept == {}


async def test_pieces_of_one_detail_become_one_and_others_stay_apart() -> None:
    details: list[dict[str, Any]] = []
    for piece in (
        {"type": "reasoning.summary", "summary": "a", "index": 0},
        {"type": "reasoning.summary", "summary": "b", "index": 0, "id": None},
        {"type": "reasoning.summary", "summary": "c", "index": 1},
        {"type": "reasoning.encrypted", "data": "x", "id": "rs_1", "index": 1},
        {"type": "reasoning.encrypted", "data": "y", "id": "rs_2", "index": 1},
        {"type": "reasoning.text", "text": "d"},
        {"type": "reasoning.text", "signature": "s"},
        {"type": "reasoning.text", "text": "e"},
    ):
        add_detail(details, dict(piece))
    assert details == [
        {"type": "reasoning.summary", "summary": "ab", "index": 0},
        {"type": "reasoning.summary", "summary": "c", "index": 1},
        {"type": "reasoning.encrypted", "data": "x", "id": "rs_1", "index": 1},
        {"type": "reasoning.encrypted", "data": "y", "id": "rs_2", "index": 1},
        {"type": "reasoning.text", "text": "d", "signature": "s"},
        {"type": "reasoning.text", "text": "e"},
    ]
