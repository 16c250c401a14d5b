"""What clients ask a provider beside its models: which there are, what they can, and embeddings."""

from collections.abc import Sequence

import anthropic
import ollama
import openai
import pytest
from google import genai
from google.genai import types

from tests.rigs.model_server import ModelServer

MODELS = ("small", "big")


@pytest.mark.parametrize("form", ["openai", "openrouter"])
def test_models_are_listed_as_by_openai(form: str) -> None:
    with ModelServer(form, "", models=MODELS) as server:
        with openai.OpenAI(base_url=server.url, api_key="sk-test", max_retries=0) as client:
            assert [model.id for model in client.models.list()] == ["small", "big"]
            assert client.models.retrieve("big").id == "big"
            with pytest.raises(openai.NotFoundError):
                client.models.retrieve("none")
        assert server.calls == []


def test_models_are_listed_and_tokens_counted_as_by_anthropic() -> None:
    messages: Sequence[anthropic.types.MessageParam] = [{"role": "user", "content": "Hello " * 100}]
    server = ModelServer("anthropic", "", models=MODELS)
    with server, anthropic.Anthropic(base_url=server.url, api_key="sk-test", max_retries=0) as client:
        assert [model.id for model in client.models.list()] == ["small", "big"]
        assert client.models.retrieve("big").id == "big"
        assert client.messages.count_tokens(model="small", messages=messages).input_tokens > 100


def test_models_are_listed_and_tokens_counted_as_by_gemini() -> None:
    with ModelServer("gemini", "", models=MODELS, window=8192) as server:
        client = genai.Client(api_key="sk-test", http_options=types.HttpOptions(base_url=server.origin))
        assert [model.name for model in client.models.list()] == ["models/small", "models/big"]
        assert client.models.get(model="big").input_token_limit == 8192
        assert (client.models.count_tokens(model="small", contents="Hello " * 100).total_tokens or 0) > 100
        client.close()


def test_ollama_tells_of_its_models() -> None:
    with ModelServer("ollama", "", models=MODELS, window=8192) as server, ollama.Client(host=server.url) as client:
        assert [model.model for model in client.list().models] == ["small", "big"]
        assert [(model.model, model.context_length) for model in client.ps().models] == [("small", 8192)]
        shown = client.show("big")
        assert "tools" in (shown.capabilities or ())
        assert (shown.modelinfo or {})["qwen3.context_length"] == 8192
        with pytest.raises(ollama.ResponseError, match="model 'none' not found"):
            client.show("none")
        assert server.calls == []


def _likeness(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(left * right for left, right in zip(one, other, strict=True))


TEXTS = ["the monthly sales report", "a report of monthly sales", "öffne das Fenster"]


def test_texts_that_share_words_lie_close_to_each_other() -> None:
    with ModelServer("ollama", "") as server, ollama.Client(host=server.url) as client:
        first, second, third = client.embed("test-model", TEXTS).embeddings
    assert _likeness(first, first) == pytest.approx(1.0)
    assert _likeness(first, second) > 0.5 > _likeness(first, third)


def test_embeddings_come_as_numbers_or_packed() -> None:
    with ModelServer("openai", "") as server:
        with openai.OpenAI(base_url=server.url, api_key="sk-test", max_retries=0) as client:
            numbers = client.embeddings.create(model="test-model", input=TEXTS, encoding_format="float")
            # The client asks for base64 by itself and unpacks it.
            packed = client.embeddings.create(model="test-model", input=TEXTS)
        assert [request.json["encoding_format"] for request in server.requests] == ["float", "base64"]
    for one, other in zip(numbers.data, packed.data, strict=True):
        assert one.embedding == pytest.approx(other.embedding)
