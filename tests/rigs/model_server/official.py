"""The providers' own clients, read in one way: what a test says arrived is what somebody else's code made of it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.rigs.model_server.request import MODEL
from tests.rigs.model_server.server import ModelServer


@dataclass(slots=True)
class Heard:
    """What a client made of one answer; `tokens` of the prompt and the answer, `cached` of those of the prompt."""

    text: str = ""
    thoughts: str = ""
    refusal: str = ""
    calls: list[tuple[str, Any]] = field(default_factory=list)
    executed: list[str] = field(default_factory=list)
    finish: str = ""
    tokens: tuple[int, int] = (0, 0)
    cached: int = 0


Hear = Callable[[str, bool], Heard]
"""Asks with these words, streamed or not."""

TOOL = {"type": "object", "properties": {"path": {"type": "string"}}}


def _openai_like(server: ModelServer, key: str) -> Iterator[Hear]:
    import openai

    with openai.OpenAI(base_url=server.url, api_key=key, max_retries=0, timeout=20) as client:

        def hear(words: str, stream: bool) -> Heard:
            asked: dict[str, Any] = {
                "model": MODEL,
                "messages": [{"role": "user", "content": words}],
                "tools": [{"type": "function", "function": {"name": "read_file", "parameters": TOOL}}],
            }
            if not stream:
                answer = client.chat.completions.create(**asked)
                return _of_completion(answer)
            chunks = client.chat.completions.create(**asked, stream=True, stream_options={"include_usage": True})
            return _of_chunks(chunks)

        yield hear


def _of_completion(answer: Any) -> Heard:
    choice = answer.choices[0]
    message = choice.message
    return Heard(
        text=message.content or "",
        thoughts=_thoughts(message),
        refusal=message.refusal or "",
        calls=[(call.function.name, json.loads(call.function.arguments)) for call in message.tool_calls or ()],
        executed=[note.url_citation.url for note in message.annotations or ()],
        finish=choice.finish_reason,
        tokens=(answer.usage.prompt_tokens, answer.usage.completion_tokens),
        cached=answer.usage.prompt_tokens_details.cached_tokens,
    )


def _of_chunks(chunks: Any) -> Heard:
    heard, written = Heard(), dict[int, list[str]]()
    for chunk in chunks:
        if chunk.usage is not None:
            heard.tokens = (chunk.usage.prompt_tokens, chunk.usage.completion_tokens)
            heard.cached = chunk.usage.prompt_tokens_details.cached_tokens
        for choice in chunk.choices:
            delta = choice.delta
            heard.finish = choice.finish_reason or heard.finish
            heard.text += delta.content or ""
            heard.thoughts += _thoughts(delta)
            heard.refusal += delta.refusal or ""
            heard.executed += [note["url_citation"]["url"] for note in getattr(delta, "annotations", None) or ()]
            for call in delta.tool_calls or ():
                pieces = written.setdefault(call.index, [])
                pieces.extend(filter(None, (call.function.name, call.function.arguments)))
    heard.calls = [(name, json.loads("".join(pieces))) for name, *pieces in written.values()]
    return heard


def _thoughts(message: Any) -> str:
    return getattr(message, "reasoning_content", None) or getattr(message, "reasoning", None) or ""


def _anthropic(server: ModelServer, key: str) -> Iterator[Hear]:
    import anthropic

    with anthropic.Anthropic(base_url=server.url, api_key=key, max_retries=0, timeout=20) as client:

        def hear(words: str, stream: bool) -> Heard:
            asked: dict[str, Any] = {
                "model": MODEL,
                "max_tokens": 1000,
                "messages": [{"role": "user", "content": words}],
                "tools": [{"name": "read_file", "input_schema": TOOL}],
            }
            if not stream:
                return _of_message(client.messages.create(**asked))
            with client.messages.stream(**asked) as events:
                return _of_message(events.get_final_message())

        yield hear


def _of_message(message: Any) -> Heard:
    usage = message.usage
    prompt = usage.input_tokens + usage.cache_read_input_tokens + usage.cache_creation_input_tokens
    heard = Heard(
        finish=message.stop_reason, tokens=(prompt, usage.output_tokens), cached=usage.cache_read_input_tokens
    )
    for block in message.content:
        match block.type:
            case "text":
                heard.text += block.text
            case "thinking":
                heard.thoughts += block.thinking
            case "tool_use":
                heard.calls.append((block.name, block.input))
            case "web_search_tool_result":
                heard.executed += [result.url for result in block.content]
    return heard


def _gemini(server: ModelServer, key: str) -> Iterator[Hear]:
    from google import genai
    from google.genai import types

    options = types.HttpOptions(base_url=server.origin, timeout=20_000)
    client = genai.Client(api_key=key, http_options=options)

    def hear(words: str, stream: bool) -> Heard:
        asked: dict[str, Any] = {"model": MODEL, "contents": words}
        if not stream:
            return _of_responses([client.models.generate_content(**asked)])
        return _of_responses(client.models.generate_content_stream(**asked))

    try:
        yield hear
    finally:
        client.close()


def _of_responses(responses: Any) -> Heard:
    heard = Heard()
    for response in responses:
        usage = response.usage_metadata
        completion = usage.candidates_token_count + (usage.thoughts_token_count or 0)
        heard.tokens, heard.cached = (usage.prompt_token_count, completion), usage.cached_content_token_count or 0
        if response.prompt_feedback is not None:
            heard.refusal = response.prompt_feedback.block_reason.value
        for candidate in response.candidates or ():
            heard.finish = candidate.finish_reason.value if candidate.finish_reason else heard.finish
            if candidate.grounding_metadata is not None:
                heard.executed += [chunk.web.uri for chunk in candidate.grounding_metadata.grounding_chunks]
            for part in candidate.content.parts or ():
                heard.thoughts += part.text if part.thought else ""
                heard.text += (part.text or "") if not part.thought else ""
                if part.function_call is not None:
                    heard.calls.append((part.function_call.name, part.function_call.args))
    return heard


def _ollama(server: ModelServer, key: str) -> Iterator[Hear]:
    import ollama

    with ollama.Client(host=server.url, headers={"authorization": f"Bearer {key}"}, timeout=20) as client:

        def hear(words: str, stream: bool) -> Heard:
            messages = [{"role": "user", "content": words}]
            if stream:
                return _of_lines(client.chat(MODEL, messages, stream=True))
            return _of_lines([client.chat(MODEL, messages)])

        yield hear


def _of_lines(lines: Any) -> Heard:
    heard = Heard()
    for line in lines:
        heard.text += line.message.content or ""
        heard.thoughts += line.message.thinking or ""
        heard.calls += [(call.function.name, dict(call.function.arguments)) for call in line.message.tool_calls or ()]
        if line.done:
            heard.finish = line.done_reason
            heard.tokens = (line.prompt_eval_count, line.eval_count)
    return heard


_CLIENTS: dict[str, Callable[[ModelServer, str], Iterator[Hear]]] = {
    "openai": _openai_like,
    "openrouter": _openai_like,
    "anthropic": _anthropic,
    "gemini": _gemini,
    "ollama": _ollama,
    "ollama-earlier": _ollama,
}


@contextmanager
def official_client(form: str, server: ModelServer, key: str = "sk-test") -> Iterator[Hear]:
    """Give the provider's own client for a server of this form; it does not try again by itself."""
    yield from _CLIENTS[form](server, key)
