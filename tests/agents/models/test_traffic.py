"""What providers answer, by each of their protocols, through LiteLLM: words, calls, errors, in odd pieces.

Faults of one provider are met at the same time, by the words of the request, since each costs a wait.
"""

import asyncio
from collections import Counter
from typing import Any, cast

import pytest

from daemon.domain.errors import ContextFull, ModelUnavailable
from daemon.domain.model import ModelReply
from tests.agents.models.stage import Stage
from tests.agents.models.test_models import LASTING, PASSING
from tests.rigs.model_server import (
    Asked,
    Blank,
    Call,
    Executed,
    Failure,
    Refusal,
    Reply,
    Said,
    Story,
    Text,
    Thought,
    TooLong,
    Transit,
    across_events,
    by_size,
    each_event,
    every_byte,
    inside_characters,
    inside_lines,
    together,
)
from tests.rigs.model_server import Usage as Tokens

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROVIDERS = ("local", "anthropic", "gemini", "openrouter", "ollama", "old")
CUTS = {
    "event by event": Transit(cut=each_event),
    "byte by byte": Transit(cut=every_byte),
    "inside characters": Transit(cut=inside_characters),
    "inside lines": Transit(cut=inside_lines),
    "across events": Transit(cut=across_events),
    "together": Transit(cut=together(5)),
    "by size": Transit(cut=by_size(7)),
}
ARGUMENTS = {"text": 'a\n"b" \\ ü 🙂 </x> {{}}', "tags": ["x", {"y": [1, 2.5, True, None]}]}
_PARTS = (Text("Ich schaue nach: ü🙂"), Call("note", ARGUMENTS), Call("note", {"text": "second"}))


def calls(reply: ModelReply) -> list[tuple[str, dict[str, Any]]]:
    return [(call.tool, dict(call.arguments)) for call in reply.calls]


def _words(asked: Asked) -> str:
    """Give the last line of a request: with some providers the system's words stand before it."""
    return asked.last.rpartition("\n")[2]


@pytest.mark.parametrize("name", PROVIDERS)
async def test_words_and_calls_are_the_same_however_the_stream_comes(play: Stage, name: str) -> None:
    for how, transit in CUTS.items():
        play.plays(**{name: Reply((Blank(), *_PARTS), Tokens(100, 20), transit=transit)})
        reply = await play.ask(name)
        assert reply.text == "Ich schaue nach: ü🙂", how
        assert calls(reply) == [("note", ARGUMENTS), ("note", {"text": "second"})], how
        assert reply.usage.tokens == 120, how
        assert len({call.id for call in reply.calls}) == 2 or name == "old", how


@pytest.mark.parametrize("name", PROVIDERS)
async def test_lines_that_end_otherwise_and_comments_change_nothing(play: Stage, name: str) -> None:
    for transit in (Transit(crlf=True), Transit(comment=": OPENROUTER PROCESSING"), Transit(gzip=True)):
        if transit.comment and name not in ("local", "openrouter"):
            continue  # others send none
        play.plays(**{name: Reply(_PARTS, transit=transit)})
        assert calls(await play.ask(name)) == [("note", ARGUMENTS), ("note", {"text": "second"})], transit


@pytest.mark.parametrize("name", PROVIDERS)
async def test_passing_failures_are_tried_again(play: Stage, name: str) -> None:
    seen: Counter[str] = Counter()

    def tell(asked: Asked) -> Said:
        fault = _words(asked)
        seen[fault] += 1
        return cast(Said, PASSING[fault]) if seen[fault] == 1 else Text("at last")

    play.plays(**{name: tell})
    replies = await asyncio.gather(*(play.ask(name, fault) for fault in PASSING))
    for fault, reply in zip(PASSING, replies, strict=True):
        assert reply.text == "at last", fault
        problems = [attempt.problem for attempt in reply.attempts]
        assert len(problems) == 2, (fault, problems)
        assert problems[0].startswith(f"{name} "), (fault, problems)
        assert "<" not in problems[0], (fault, problems)
        assert "litellm" not in problems[0].lower(), (fault, problems)


@pytest.mark.parametrize("name", PROVIDERS)
async def test_lasting_failures_end_the_attempts_with_the_reason(play: Stage, name: str) -> None:
    play.plays(**{name: lambda asked: LASTING[_words(asked)][0]})
    found = await asyncio.gather(*(play.ask(name, fault) for fault in LASTING), return_exceptions=True)
    for fault, problem in zip(LASTING, found, strict=True):
        assert isinstance(problem, ModelUnavailable), (fault, problem)
        assert len(problem.attempts) == 1, (fault, problem.attempts)
        assert LASTING[fault][1] in str(problem), (fault, str(problem))


@pytest.mark.parametrize("name", PROVIDERS)
async def test_a_request_that_is_too_long_is_known_as_such(play: Stage, name: str) -> None:
    play.plays(**{name: TooLong()})
    with pytest.raises(ContextFull):
        await play.ask(name)


@pytest.mark.parametrize("name", ["local", "anthropic", "gemini", "openrouter"])
async def test_a_refusal_is_said_or_another_model_asked(play: Stage, name: str) -> None:
    play.plays(**{name: Refusal("I will not do that.")})
    try:
        assert "I will not do that." in (await play.ask(name)).text
    except ModelUnavailable as problem:
        assert f"{name} refuses this for its content" in str(problem)
        assert len(problem.attempts) == 1


@pytest.mark.parametrize("name", PROVIDERS)
async def test_an_answer_without_anything_is_none(play: Stage, name: str) -> None:
    play.plays(**{name: Reply((Blank(), Blank()))})
    reply = await play.ask(name)
    assert (reply.text, reply.calls) == ("", ())


@pytest.mark.parametrize("name", PROVIDERS)
async def test_two_megabytes_come_whole(play: Stage, name: str) -> None:
    play.plays(**{name: Reply((Text("word " * 400_000),), token=20_000)})
    assert len((await play.ask(name)).text) == 1_999_999


@pytest.mark.parametrize("name", ["local", "anthropic", "gemini", "openrouter", "ollama"])
async def test_thoughts_are_not_shown(play: Stage, name: str) -> None:
    play.plays(**{name: (Thought("secretly", signature="c2VhbA=="), Text("Openly, as it is."))})
    assert (await play.ask(name)).text == "Openly, as it is."
    assert "".join(play.said) == "Openly, as it is."


@pytest.mark.parametrize("name", ["local", "anthropic", "openrouter"])
@pytest.mark.parametrize("arguments", ['{"text": ', "[1, 2]", '"text"', "text", '{"text": "a"} {"text": "b"}', "nul"])
async def test_arguments_that_are_no_object_are_told_to_the_model(play: Stage, name: str, arguments: str) -> None:
    play.plays(**{name: Reply((Call("note", arguments), Call("note", {"text": "right"})))})
    reply = await play.ask(name)
    assert calls(reply) == [("note", {"text": "right"})]
    assert len(reply.problems) == 1
    assert "note" in reply.problems[0]


@pytest.mark.parametrize("name", ["local", "openrouter"])
async def test_pieces_of_parallel_calls_that_alternate_are_told_apart(play: Stage, name: str) -> None:
    play.plays(**{name: Reply((Call("note", ARGUMENTS), Call("note", {"text": "second"})), interleaved=True, token=3)})
    assert calls(await play.ask(name)) == [("note", ARGUMENTS), ("note", {"text": "second"})]


async def test_what_a_provider_did_itself_is_told_apart(play: Stage) -> None:
    found = Executed("weather in Rome", [("Rome", "https://example.org/rome")])
    play.plays(anthropic=Reply((Text("I look."), found, Text("Sunny."), Call("note", {"text": "sunny"}))))
    reply = await play.ask("anthropic")
    assert calls(reply) == [("note", {"text": "sunny"})]
    assert [call.tool for call in reply.elsewhere] == ["web_search"]


@pytest.mark.parametrize("name", PROVIDERS)
async def test_what_the_server_bills_is_what_is_counted(play: Stage, name: str) -> None:
    story: Story = [Reply((Text("a"),), Tokens(1000, 50)), Reply((Text("b"),), Tokens(2000, 7))]
    play.plays(**{name: story})
    tokens = [(await play.ask(name)).usage.tokens for _ in range(2)]
    assert tokens == [1050, 2007]


@pytest.mark.parametrize("name", PROVIDERS)
async def test_a_failure_after_a_failure_says_both(play: Stage, name: str) -> None:
    story: Story = [Failure(503), Failure(401)]
    play.plays(**{name: story})
    with pytest.raises(ModelUnavailable) as caught:
        await play.ask(name)
    assert [bool(attempt.problem) for attempt in caught.value.attempts] == [True, True]
    assert "does not accept its key" in str(caught.value)
