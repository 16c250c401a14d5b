"""Requests through LiteLLM to servers on loopback: answers, failures, fallbacks, caps, privacy."""

import asyncio
import json
import os
import signal
from typing import Any

import pytest

from daemon.domain.errors import ContextFull, ModelRefused, ModelUnavailable
from daemon.domain.limits import Usage
from daemon.domain.model import ModelRequest
from tests.agents.models.stage import PLENTY, Stage
from tests.agents.sandbox.test_endings import until
from tests.rigs.model_server import (
    Blank,
    Call,
    Failure,
    Halt,
    Raw,
    Refusal,
    Reply,
    Text,
    Thought,
    TooLong,
    Transit,
    Trouble,
    across_events,
    by_size,
    each_event,
    every_byte,
    garbled,
    inside_characters,
    inside_lines,
    page,
    redirect,
)
from tests.rigs.model_server import Usage as Tokens

pytestmark = pytest.mark.asyncio(loop_scope="module")
NOTE = Call("note", {"text": 'a\n"b" ü 🙂'})


@pytest.mark.parametrize("name", ["local", "ollama"])
async def test_words_come_as_they_are_said_and_usage_with_them(play: Stage, name: str) -> None:
    play.plays(**{name: Reply((Text("Hello, my friend."),), Tokens(21, 5), token=3)})
    reply = await play.ask(name)
    assert reply.text == "Hello, my friend."
    assert "".join(play.said) == "Hello, my friend."
    assert len(play.said) > 1
    assert (reply.model, reply.usage) == (name, Usage(tokens=26))
    assert [attempt.problem for attempt in reply.attempts] == [""]


@pytest.mark.parametrize("cut", [each_event, every_byte, inside_characters, inside_lines, across_events, by_size(7)])
@pytest.mark.parametrize("name", ["local", "ollama"])
async def test_calls_are_the_same_however_the_stream_is_cut(play: Stage, name: str, cut: Any) -> None:
    parts = (Blank(), Text("I note it: ü🙂"), NOTE, Call("note", {"text": "second"}))
    play.plays(**{name: Reply(parts, transit=Transit(cut=cut, crlf=name == "local"))})
    reply = await play.ask(name)
    assert [(call.tool, dict(call.arguments)) for call in reply.calls] == [
        ("note", {"text": 'a\n"b" ü 🙂'}),
        ("note", {"text": "second"}),
    ]
    assert reply.text == "I note it: ü🙂"


async def test_parallel_calls_whose_pieces_alternate_are_told_apart(play: Stage) -> None:
    parts = (NOTE, Call("note", {"text": "second"}))
    play.plays(local=Reply(parts, interleaved=True, token=4))
    assert [call.arguments["text"] for call in (await play.ask()).calls] == ['a\n"b" ü 🙂', "second"]


async def test_calls_without_ids_are_told_apart_by_their_names(play: Stage) -> None:
    play.plays(old=(Call("note", {"text": "first"}), Call("note", {})))
    assert [dict(call.arguments) for call in (await play.ask("old")).calls] == [{"text": "first"}, {}]


async def test_a_call_in_words_is_a_call(play: Stage) -> None:
    said = 'I do it.\n<tool_call>\n{"name": "note", "arguments": {"text": "x"}}\n</tool_call>'
    play.plays(local=Reply((Text(said),), token=2))
    reply = await play.ask()
    assert [(call.tool, dict(call.arguments)) for call in reply.calls] == [("note", {"text": "x"})]
    assert reply.text == "I do it."
    assert "".join(play.said).strip() == "I do it."


async def test_of_a_model_with_calls_of_its_own_alone_no_text_is_one(play: Stage) -> None:
    said = '<tool_call>{"name": "note", "arguments": {"text": "x"}}</tool_call>'
    play.plays(local=said)
    assert [call.tool for call in (await play.ask("local")).calls] == ["note"]
    assert "".join(play.said) == ""
    play.plays(local=said)
    reply = await play.ask("native")
    assert (reply.text, reply.calls, "".join(play.said)) == (said, (), said)
    play.plays(local=[Failure(400, "this model does not support tools"), Text("Hello.")])
    with pytest.raises(ModelUnavailable):
        await play.ask("native")


async def test_a_model_without_tools_is_told_of_them_in_words(play: Stage) -> None:
    refusal = Failure(400, '"test-model" does not support tools')
    play.plays(second=[refusal, 'note(text="in words")', "done"])
    reply = await play.ask("second")
    assert [(call.tool, dict(call.arguments)) for call in reply.calls] == [("note", {"text": "in words"})]
    sent = play.servers["second"].calls[-1].json
    assert "tools" not in sent
    assert "note: Write a note." in sent["messages"][0]["content"]
    assert (await play.ask("second")).text == "done"
    assert "tools" not in play.servers["second"].calls[-1].json


@pytest.mark.parametrize(
    ("arguments", "words"),
    [('{"text": ', "not JSON"), ("[1, 2]", "one JSON object, not list"), ('"text"', "not JSON"), ("7", "not int")],
)
async def test_arguments_that_are_no_object_are_told_to_the_model(play: Stage, arguments: str, words: str) -> None:
    play.plays(local=Call("note", arguments))
    reply = await play.ask()
    assert reply.calls == ()
    assert words in reply.problems[0]


async def test_arguments_that_were_written_twice_are_read(play: Stage) -> None:
    play.plays(local=Call("note", '"{\\"text\\": \\"x\\"}"'))
    assert [dict(call.arguments) for call in (await play.ask()).calls] == [{"text": "x"}]


async def test_an_answer_that_is_cut_off_at_its_length_says_so(play: Stage) -> None:
    play.plays(local=Reply((Text("One, two"),), finish="length"))
    assert "cut off" in (await play.ask()).problems[0]


async def test_a_call_in_which_the_answer_was_cut_off_is_not_made(play: Stage) -> None:
    """What stands there may be whole JSON, and an argument less than was meant."""
    play.plays(local=Reply((Text('<tool_call>{"name": "note", "arguments": {"text": "a"}'),), finish="length"))
    reply = await play.ask()
    assert (reply.calls, len(reply.problems)) == ((), 2)
    assert "note was not called: your answer ended in it." in reply.problems
    play.plays(local=Reply((Call("note", ""),), finish="length"))
    assert (await play.ask()).calls == ()
    play.plays(local=Reply((Call("note", '{"text": "a"}'), Call("note", '{"text": "b')), finish="length"))
    assert [call.arguments for call in (await play.ask()).calls] == [{"text": "a"}]


async def test_a_refusal_is_what_it_says(play: Stage) -> None:
    play.plays(local=Refusal("I will not do that."))
    assert (await play.ask()).text == "I will not do that."


async def test_thoughts_are_not_shown(play: Stage) -> None:
    play.plays(local=(Thought("secretly"), Text("<think>hm</think>Openly.")))
    assert (await play.ask()).text == "Openly."
    assert "".join(play.said) == "Openly."


async def test_an_answer_of_two_megabytes_comes_whole(play: Stage) -> None:
    play.plays(local=Reply((Text("word " * 400_000),), token=4000))
    assert len((await play.ask()).text) == 1_999_999


PASSING = {
    "it breaks off": Reply((Text("one two three four"),), transit=Transit(halt=Halt("reset", 3))),
    "it ends in the middle": Reply((Text("one two three four"),), transit=Transit(halt=Halt("end", 3))),
    "it says nothing": Reply((Text("x"),), transit=Transit(halt=Halt("hang", 0))),
    "it hangs in the middle": Reply((Text("one two three"),), transit=Transit(halt=Halt("hang", 2))),
    "it hangs before the head": Reply((Text("x"),), transit=Transit(halt=Halt("hang", -1))),
    "500": Failure(500),
    "502 page": page(502, "Bad Gateway"),
    "503": Failure(503),
    "529": Failure(529),
    "408": Failure(408),
    "429": Failure(429, retry_after=0.01),
    "half JSON": garbled(),
    "a page": page(),
    "trouble within": (Text("one"), Trouble(500, "The server had an error.")),
    "empty": Raw(b"", 200, "text/event-stream"),
}


LASTING = {
    "401": (Failure(401), "does not accept its key"),
    "403": (Failure(403), "does not allow this"),
    "404": (Failure(404), "is not there"),
    "429 for long": (Failure(429, retry_after=120), "too many requests"),
    "400": (Failure(400, "Invalid value: 'messages'"), "cannot read the request"),
}


@pytest.mark.parametrize("name", LASTING)
async def test_a_lasting_failure_goes_to_the_next_model_at_once(play: Stage, name: str) -> None:
    fault, words = LASTING[name]
    play.plays(local=fault, second="from the second")
    reply = await play.ask("fast")
    assert (reply.text, reply.model) == ("from the second", "second")
    assert play.players["local"].asked == 1
    assert words in reply.attempts[0].problem


async def test_a_request_that_a_server_cannot_read_is_not_sent_again(play: Stage) -> None:
    play.plays(cloud=Failure(422, "Extra inputs are not permitted"))
    with pytest.raises(ModelRefused, match="cloud cannot read the request: Extra inputs are not permitted"):
        await play.ask("cloud")
    assert play.players["cloud"].asked == 1


async def test_what_a_server_says_it_cannot_read_is_left_out_once(play: Stage) -> None:
    fault = {"type": "extra_forbidden", "loc": ["body", "stream_options"], "msg": "Extra inputs are not permitted"}
    unreadable = Raw(json.dumps({"error": {"message": {"detail": [fault]}}}).encode(), 422)
    play.plays(cloud=[unreadable, Text("ok")])
    assert (await play.ask("cloud")).text == "ok"
    assert "stream_options" not in play.servers["cloud"].calls[-1].json
    play.plays(cloud=[unreadable, Failure(422, "Still not")])
    with pytest.raises(ModelRefused, match="cannot read the request: Still not"):
        await play.ask("cloud")
    assert play.players["cloud"].asked == 2


async def test_when_all_are_down_each_reason_is_said_once(play: Stage) -> None:
    play.plays(local=Failure(500, "out of memory"), second=Failure(401))
    with pytest.raises(ModelUnavailable) as caught:
        await play.ask("fast")
    said = str(caught.value)
    assert said.startswith("No model answers now: ")
    assert said.count("out of memory") == 1
    assert "does not accept its key" in said
    assert len(caught.value.attempts) == 3


async def test_how_long_a_provider_wants_to_be_left_alone_is_told(play: Stage) -> None:
    play.plays(local=Failure(429, retry_after=90))
    with pytest.raises(ModelUnavailable) as caught:
        await play.ask()
    assert caught.value.wait == 90


async def test_a_server_that_is_down_is_said_with_its_address(play: Stage) -> None:
    server = play.servers["local"]
    server.close_port()
    try:
        with pytest.raises(ModelUnavailable, match=r"does not answer at http://127\.0\.0\.1"):
            await play.ask()
    finally:
        server.open_port()


async def test_a_request_that_is_too_long_is_told_apart(play: Stage) -> None:
    play.plays(local=TooLong())
    with pytest.raises(ContextFull, match="longer than local can read"):
        await play.ask()
    assert play.players["local"].asked == 1


async def test_a_request_that_nobody_can_read_ends_it(play: Stage) -> None:
    play.plays(local=Failure(400, "Invalid 'messages[1].content'"))
    with pytest.raises(ModelRefused, match="cannot read the request"):
        await play.ask()


@pytest.mark.parametrize("tier", ["nowhere", "", "cloud2"])
async def test_an_unknown_tier_is_said_with_those_there_are(play: Stage, tier: str) -> None:
    with pytest.raises(ModelRefused, match="fast, smart, cloud"):
        await play.ask(tier)


TEN_WAYS = [*list(PASSING.values())[:5], Failure(401), Failure(404), TooLong(), Failure(400, "no"), page()]


@pytest.mark.parametrize("fault", TEN_WAYS, ids=range(len(TEN_WAYS)))
async def test_nothing_private_reaches_the_cloud_however_the_local_model_fails(play: Stage, fault: Any) -> None:
    play.plays(local=fault, cloud="from the cloud")
    before = len(play.servers["cloud"].received)
    with pytest.raises(ModelUnavailable):
        await play.ask("smart", private=True)
    assert len(play.servers["cloud"].received) == before


async def test_the_same_failure_of_a_task_that_is_not_private_goes_to_the_cloud(play: Stage) -> None:
    play.plays(local=Failure(401), cloud="from the cloud")
    assert (await play.ask("smart")).text == "from the cloud"
    assert b"Bearer sk-canary" in play.servers["cloud"].received


async def test_a_private_task_for_the_cloud_is_refused(play: Stage) -> None:
    with pytest.raises(ModelRefused, match="private"):
        await play.ask("cloud", private=True)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("private", [False, True])
async def test_an_own_model_that_sends_us_elsewhere_is_not_followed(play: Stage, status: int, private: bool) -> None:
    elsewhere = play.servers["cloud"]
    play.plays(local=redirect(f"{elsewhere.url}/chat/completions", status))
    before = len(elsewhere.received)
    with pytest.raises(ModelUnavailable, match="where this must not go"):
        await play.ask(private=private)
    assert len(elsewhere.received) == before


async def test_what_an_answer_cost_is_counted_and_a_failed_one_as_all_that_it_could(play: Stage) -> None:
    broken = Reply((Text("one two three"),), transit=Transit(halt=Halt("reset", 2)))
    play.plays(cloud=[broken, Reply((Text("ok"),), Tokens(1000, 100))])
    request = ModelRequest("cloud", ({"role": "user", "content": "hi"},))
    most = await play.models.price(request)
    reply = await play.models.complete(request, most)
    first, second = reply.attempts
    assert second.usage == Usage(tokens=1100, money=3000 + 1500)
    assert first.usage.money * 2 == most.money
    assert reply.usage.money <= most.money


async def test_no_attempt_is_made_that_could_take_more_than_was_reserved(play: Stage) -> None:
    play.plays(cloud=Reply((Text("one two three"),), transit=Transit(halt=Halt("reset", 2))))
    request = ModelRequest("cloud", ({"role": "user", "content": "hi"},))
    most = await play.models.price(request)
    once = Usage(tokens=most.tokens, money=most.money // 2)
    with pytest.raises(ModelUnavailable) as caught:
        await play.models.complete(request, once)
    assert sum(attempt.usage.money for attempt in caught.value.attempts) <= once.money
    assert play.players["cloud"].asked == 1


async def test_own_models_cost_nothing(play: Stage) -> None:
    request = ModelRequest("fast", ({"role": "user", "content": "hi"},))
    assert (await play.models.price(request)).money == 0
    play.plays(local=Reply((Text("x"),), Tokens(9, 9)))
    assert (await play.ask("fast")).usage.money == 0


async def test_a_request_that_is_cancelled_is_left_by_the_process_too(play: Stage) -> None:
    play.plays(local=Reply((Text("one two three"),), transit=Transit(halt=Halt("hang", 3))))
    asking = asyncio.create_task(play.ask())
    await until(lambda: bool(play.said))
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    request = play.servers["local"].calls[-1]
    await until(lambda: request.closed_early)
    play.plays(local="goes on")
    assert (await play.ask()).text == "goes on"


async def test_a_process_that_dies_is_started_anew(play: Stage) -> None:
    play.plays(local=Reply((Text("one two three"),), transit=Transit(halt=Halt("hang", 3))))
    first = play.process.pid
    assert first is not None
    asking = asyncio.create_task(play.ask())
    await until(lambda: bool(play.said))
    os.kill(first, signal.SIGKILL)
    with pytest.raises(ModelUnavailable, match="ended"):
        await asking
    play.plays(local="again")
    assert (await play.ask()).text == "again"
    assert play.process.pid not in (None, first)


async def test_many_at_once_do_not_mix(play: Stage) -> None:
    play.plays(local=lambda asked: f"to {asked.last}", second=lambda asked: f"to {asked.last}")
    replies = await asyncio.gather(*(play.ask("local", f"number {number}") for number in range(20)))
    assert [reply.text for reply in replies] == [f"to number {number}" for number in range(20)]


async def test_room_is_what_the_smallest_window_leaves(play: Stage) -> None:
    assert await play.models.room("fast", private=False) == 8192 - 500
    assert PLENTY.tokens > 8192
