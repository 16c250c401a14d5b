"""LiteLLM, which stands between the product and every provider, reads each form as it was meant."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.rigs.model_server import Call, Failure, ModelServer, Reply, Text, Thought, TooLong, Usage
from tests.rigs.model_server.through_litellm import PREFIXES

Ask = Callable[..., dict[str, Any]]
USAGE = Usage(prompt=900, completion=70)


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.rigs.model_server.through_litellm"],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        told, heard = process.stdin, process.stdout

        def ask(form: str, server: ModelServer, *, stream: bool = True) -> dict[str, Any]:
            told.write(json.dumps({"form": form, "url": server.url, "stream": stream}) + "\n")
            told.flush()
            answer: dict[str, Any] = json.loads(heard.readline())
            return answer

        yield ask


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("form", PREFIXES)
def test_words_thoughts_a_call_and_usage_arrive(ask: Ask, form: str, stream: bool) -> None:
    parts = (Thought("Erst denken."), Text("Grüße 😀"), Call("read_file", {"path": "ä"}))
    with ModelServer(form, Reply(parts, USAGE), key="sk-test") as server:
        heard = ask(form, server, stream=stream)
    assert (heard["text"], heard["thoughts"], heard["finish"]) == ("Grüße 😀", "Erst denken.", "tool_calls")
    assert [(name, json.loads(arguments)) for name, arguments in heard["calls"]] == [("read_file", {"path": "ä"})]
    assert heard["tokens"] == [900, 70]


@pytest.mark.parametrize("form", ["openai", "openrouter", "anthropic", "gemini"])
def test_parallel_calls_stay_apart_in_a_stream(ask: Ask, form: str) -> None:
    with ModelServer(form, (Call("read_file", {"path": "a"}), Call("read_file", {"path": "b"}))) as server:
        heard = ask(form, server)
    assert [json.loads(arguments) for _, arguments in heard["calls"]] == [{"path": "a"}, {"path": "b"}]


@pytest.mark.parametrize(
    ("form", "answer", "error"),
    [
        ("openai", Failure(401), "AuthenticationError"),
        ("openai", Failure(404), "NotFoundError"),
        ("openai", Failure(429), "RateLimitError"),
        ("openai", Failure(500), "InternalServerError"),
        ("openai", TooLong(), "ContextWindowExceededError"),
        ("anthropic", Failure(401), "AuthenticationError"),
        ("anthropic", Failure(429), "RateLimitError"),
        ("anthropic", TooLong(), "ContextWindowExceededError"),
        ("gemini", Failure(400, "API key not valid.", code="API_KEY_INVALID"), "AuthenticationError"),
        ("gemini", Failure(429), "RateLimitError"),
        ("gemini", TooLong(), "ContextWindowExceededError"),
        ("openrouter", Failure(401), "AuthenticationError"),
        ("openrouter", Failure(429), "RateLimitError"),
        ("ollama", Failure(404), "NotFoundError"),
        ("ollama", Failure(500), "InternalServerError"),
    ],
)
def test_an_error_is_of_the_kind_that_it_is_at_the_provider(ask: Ask, form: str, answer: Any, error: str) -> None:
    with ModelServer(form, answer) as server:
        assert ask(form, server, stream=False)["error"] == error
