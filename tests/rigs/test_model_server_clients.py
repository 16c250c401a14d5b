"""What the server says is read by the providers' own clients as it was meant, however it travels."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from tests.rigs.model_server import (
    Answer,
    Asked,
    Blank,
    Call,
    Executed,
    Failure,
    ModelServer,
    Prices,
    Refusal,
    Reply,
    Text,
    Thought,
    TooLong,
    Transit,
    Trouble,
    Usage,
    across_events,
    by_size,
    every_byte,
    inside_characters,
    inside_lines,
    together,
)
from tests.rigs.model_server.official import Hear, Heard, official_client

FORMS = ("openai", "openrouter", "anthropic", "gemini", "ollama", "ollama-earlier")
WORDS = "Grüße aus 北京 😀, und\nnoch ein Satz."
CALLS = (Call("read_file", {"path": 'ä "b"\n.txt'}), Call("read_file", {"path": "c"}), Call("now"))
PARTS = (Thought("Erst denken.", signature="c2VhbA=="), Text(WORDS), *CALLS)
USAGE = Usage(prompt=900, completion=70, cached=500, cache_written=100, reasoning=5)
EXPECTED = [("read_file", {"path": 'ä "b"\n.txt'}), ("read_file", {"path": "c"}), ("now", {})]


@dataclass(frozen=True, slots=True)
class Pair:
    """A server, a client of its provider, and what the server will answer."""

    form: str
    server: ModelServer
    hear: Hear
    next: list[Answer]

    def heard(self, answer: Answer, *, stream: bool = True) -> Heard:
        self.next.append(answer)
        return self.hear("Hello", stream)


@pytest.fixture(scope="module")
def pairs() -> Iterator[dict[str, Pair]]:
    made: dict[str, Pair] = {}
    with ExitStack() as stack:
        for form in FORMS:
            answers: list[Answer] = []

            def tell(asked: Asked, answers: list[Answer] = answers) -> Answer:
                return answers.pop()

            prices = {"test-model": Prices(1.0, 2.0)}
            server = stack.enter_context(ModelServer(form, tell, key="sk-test", prices=prices))
            made[form] = Pair(form, server, stack.enter_context(official_client(form, server)), answers)
        yield made


@pytest.fixture(params=FORMS)
def pair(request: pytest.FixtureRequest, pairs: dict[str, Pair]) -> Pair:
    return pairs[request.param]


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
def test_words_thoughts_calls_and_usage_arrive(pair: Pair, stream: bool) -> None:
    heard = pair.heard(Reply(PARTS, USAGE), stream=stream)
    assert (heard.text, heard.thoughts, heard.calls) == (WORDS, "Erst denken.", EXPECTED)
    assert heard.tokens == (900, 70)
    assert heard.cached == (0 if pair.form.startswith("ollama") else 500)
    assert pair.server.calls[-1].usage == USAGE


@pytest.mark.parametrize(
    "transit",
    [
        pytest.param(Transit(cut=every_byte), id="every byte"),
        pytest.param(Transit(cut=inside_characters), id="inside characters"),
        pytest.param(Transit(cut=inside_lines), id="inside lines"),
        pytest.param(Transit(cut=across_events), id="across events"),
        pytest.param(Transit(cut=together(3)), id="three at once"),
        pytest.param(Transit(cut=by_size(7)), id="seven bytes"),
        pytest.param(Transit(crlf=True), id="CRLF"),
        pytest.param(Transit(crlf=True, cut=every_byte), id="CRLF, every byte"),
        pytest.param(Transit(gzip=True), id="gzip"),
        pytest.param(Transit(gzip=True, cut=every_byte), id="gzip, every byte"),
        pytest.param(Transit(head=0.02, first=0.01, between=0.001), id="slowly"),
    ],
)
def test_a_stream_is_the_same_in_whatever_pieces_it_comes(pair: Pair, transit: Transit) -> None:
    heard = pair.heard(Reply(PARTS, USAGE, token=4, transit=transit))
    assert (heard.text, heard.thoughts, heard.calls) == (WORDS, "Erst denken.", EXPECTED)
    assert heard.tokens == (900, 70)


# Not Gemini: Google sends none, and its client cannot read them.
@pytest.mark.parametrize("form", ["openai", "openrouter", "anthropic"])
def test_comments_between_the_events_are_not_part_of_the_answer(pairs: dict[str, Pair], form: str) -> None:
    heard = pairs[form].heard(Reply(PARTS, USAGE, transit=Transit(comment="keep-alive")))
    assert (heard.text, heard.calls) == (WORDS, EXPECTED)


@pytest.mark.parametrize("form", ["openai", "openrouter"])
def test_pieces_of_parallel_calls_alternate(pairs: dict[str, Pair], form: str) -> None:
    heard = pairs[form].heard(Reply((Text("Two."), *CALLS), token=2, interleaved=True))
    assert (heard.text, heard.calls) == ("Two.", EXPECTED)


FINISHES = {
    "openai": ("stop", "tool_calls", "length", "content_filter"),
    "openrouter": ("stop", "tool_calls", "length", "content_filter"),
    "anthropic": ("end_turn", "tool_use", "max_tokens", "refusal"),
    "gemini": ("STOP", "STOP", "MAX_TOKENS", "SAFETY"),
    "ollama": ("stop", "stop", "length", "stop"),
    "ollama-earlier": ("stop", "stop", "length", "stop"),
}


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
def test_why_an_answer_ended_is_said_in_the_word_of_the_provider(pair: Pair, stream: bool) -> None:
    replies = [Reply((Text("a"),)), Reply(CALLS[:1]), Reply((Text("a"),), finish="length")]
    replies.append(Reply((Text("a"),), finish="content_filter"))
    assert tuple(pair.heard(reply, stream=stream).finish for reply in replies) == FINISHES[pair.form]


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
def test_a_refusal_is_one(pair: Pair, stream: bool) -> None:
    heard = pair.heard(Reply((Refusal("I cannot help with that."),)), stream=stream)
    told = {"gemini": (heard.refusal, "PROHIBITED_CONTENT"), "anthropic": (heard.finish, "refusal")}
    words = heard.refusal or heard.text
    found, expected = told.get(pair.form, (words, "I cannot help with that."))
    assert found == expected


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("form", ["openai", "openrouter", "anthropic", "gemini"])
def test_a_search_that_the_provider_made_is_no_call(pairs: dict[str, Pair], form: str, stream: bool) -> None:
    search = Executed("weather paris", [("Paris", "https://example.org/paris")])
    heard = pairs[form].heard(Reply((search, Text("Sunny."))), stream=stream)
    assert (heard.text, heard.calls, heard.executed) == ("Sunny.", [], ["https://example.org/paris"])


def test_pieces_that_say_nothing_change_nothing(pair: Pair) -> None:
    heard = pair.heard(Reply((Blank(), Text("a "), Blank(), Text("b"), Blank())))
    assert heard.text == "a b"


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 408, 413, 429, 500, 502, 503, 529])
def test_an_error_is_one_for_the_client_with_its_status(pair: Pair, status: int) -> None:
    with pytest.raises(Exception, match=r".") as raised:
        pair.heard(Failure(status, retry_after=7))
    error = raised.value
    assert status in (getattr(error, name, None) for name in ("status_code", "code"))
    assert type(error).__module__.partition(".")[0] in ("openai", "anthropic", "google", "ollama")


def test_an_error_in_the_middle_is_one_for_the_client(pair: Pair) -> None:
    with pytest.raises(Exception, match="The lights went out"):
        pair.heard(Reply((Text("One two"), Trouble(503, "The lights went out"))))


TOO_LONG = {
    "openai": "maximum context length is 4096 tokens",
    "openrouter": "maximum context length is 4096 tokens",
    "anthropic": "prompt is too long: 5000 tokens > 4096 maximum",
    "gemini": r"input token count \(5000\) exceeds the maximum number of tokens allowed \(4096\)",
    "ollama": "exceed_context_size_error",
    "ollama-earlier": "exceed_context_size_error",
}


def test_a_request_that_is_too_long_is_told_so_in_the_words_of_the_provider(pair: Pair) -> None:
    with pytest.raises(Exception, match=TOO_LONG[pair.form]):
        pair.heard(TooLong(5000, 4096))


@pytest.mark.parametrize("form", FORMS)
def test_a_longer_request_than_the_window_is_refused_without_the_story(form: str) -> None:
    with ModelServer(form, "Hello.", window=200) as server, official_client(form, server) as hear:
        assert hear("Hi", True).text == "Hello."
        with pytest.raises(Exception, match="200"):
            hear("Hi " * 1000, True)
        assert server.calls[-1].usage is None


@pytest.mark.parametrize("form", FORMS)
def test_a_wrong_key_and_an_unknown_model_are_refused_without_the_story(form: str) -> None:
    with ModelServer(form, "Hello.", key="sk-right", models=("another",)) as server:
        with official_client(form, server, "sk-wrong") as hear, pytest.raises(Exception, match=r"40[01]|unauthorized"):
            hear("Hi", True)
        assert server.calls == []
        with official_client(form, server, "sk-right") as hear, pytest.raises(Exception, match="test-model"):
            hear("Hi", True)
        assert server.cost == 0.0
