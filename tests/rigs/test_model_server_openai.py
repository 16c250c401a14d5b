"""The form of OpenAI, read by OpenAI's own client."""

from collections.abc import Iterator

import openai
import pytest

from tests.rigs.model_server import MODEL, Call, ModelServer, Reply, Story, Text, Usage


def _client(server: ModelServer, key: str = "sk-test") -> openai.OpenAI:
    return openai.OpenAI(base_url=server.url, api_key=key, max_retries=0)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    story: Story = [
        Reply((Text("Grüße, 世界 😀"), Call("read_file", {"path": "a b"})), Usage(900, 20, cached=512)),
        "Hello.",
    ]
    with ModelServer("openai", story, key="sk-test") as running:
        yield running


def test_a_stream_has_words_calls_and_usage(server: ModelServer) -> None:
    with _client(server) as client:
        stream = client.chat.completions.create(
            model=MODEL,
            messages=[{"role": "user", "content": "Hello"}],
            stream=True,
            stream_options={"include_usage": True},
        )
        chunks = list(stream)
    deltas = [choice.delta for chunk in chunks for choice in chunk.choices]
    assert "".join(delta.content or "" for delta in deltas) == "Grüße, 世界 😀"
    pieces = [call.function for delta in deltas for call in delta.tool_calls or () if call.function]
    assert [piece.name for piece in pieces if piece.name] == ["read_file"]
    assert "".join(piece.arguments or "" for piece in pieces) == '{"path": "a b"}'
    assert chunks[-2].choices[0].finish_reason == "tool_calls"
    assert chunks[-1].usage is not None
    assert (chunks[-1].usage.prompt_tokens, chunks[-1].usage.completion_tokens) == (900, 20)


def test_a_wrong_key_is_refused_and_the_story_is_not_told(server: ModelServer) -> None:
    with _client(server, "sk-wrong") as client, pytest.raises(openai.AuthenticationError):
        client.models.list()
    assert server.calls == []
