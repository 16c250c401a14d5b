"""Ollama's own API: lines of JSON.

After Ollama's docs/api.md ("Generate a chat completion", "List Local Models", "Show Model Information", "List Running
Models", "Generate Embeddings", "Version"), docs/capabilities/thinking and docs/api/errors.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.rigs.model_server.answer import (
    Answer,
    Call,
    Executed,
    Failure,
    HiddenThought,
    Part,
    Raw,
    Refusal,
    Reply,
    Text,
    Thought,
    TooLong,
    Trouble,
)
from tests.rigs.model_server.forms.encoding import json_bytes, pieces_of, spoken
from tests.rigs.model_server.forms.form import Bill, House
from tests.rigs.model_server.forms.vectors import embedding
from tests.rigs.model_server.request import Asked, Request
from tests.rigs.model_server.usage import tokens_in

_MOMENT = "2026-11-26T09:00:00.123456Z"
_DETAILS = {
    "parent_model": "",
    "format": "gguf",
    "family": "qwen3",
    "families": ["qwen3"],
    "parameter_size": "8.2B",
    "quantization_level": "Q4_K_M",
}


class Ollama:
    """Speaks /api/chat and what belongs to it."""

    name = "ollama"
    base = ""
    media = "application/x-ndjson"

    def key(self, request: Request) -> str:
        """Give the bearer token, which a proxy before Ollama may want."""
        return request.headers.get("authorization", "").removeprefix("Bearer ")

    def is_call(self, request: Request) -> bool:
        """Say whether it is a chat."""
        return request.method == "POST" and request.path == "/api/chat"

    def asked(self, request: Request, body: Mapping[str, Any], number: int) -> Asked:
        """Read a chat; it is streamed unless the request says otherwise."""
        messages = body.get("messages", [])
        return Asked(
            number=number,
            turn=1 + sum(message.get("role") == "assistant" for message in messages),
            model=str(body.get("model", "")),
            last=str(messages[-1].get("content") or "") if messages else "",
            tools=tuple(tool["function"]["name"] for tool in body.get("tools") or ()),
            stream=body.get("stream", True) is not False,
            body=body,
            request=request,
        )

    def objection(self, asked: Asked) -> str:
        """Take what is in order of type; Ollama does not hold calls and results together."""
        for message in asked.body.get("messages", ()):
            for call in message.get("tool_calls") or ():
                if not isinstance(call["function"].get("arguments"), dict):
                    return "Value looks like object, but can't find closing '}' symbol"
            if not isinstance(message.get("content") or "", str):
                return "json: cannot unmarshal array into Go struct field ChatRequest.messages.content of type string"
        return ""

    def elsewhere(self, request: Request, house: House) -> Answer:
        """Tell of the models, embed texts, say the version."""
        match request.method, request.path:
            case "GET", "/":
                answer: Answer = Raw(b"Ollama is running", media="text/plain; charset=utf-8")
            case "GET", "/api/version":
                answer = Raw(json_bytes({"version": "0.13.5"}))
            case "GET", "/api/tags":
                answer = Raw(json_bytes({"models": [_listed(name) for name in house.models]}))
            case "GET", "/api/ps":
                answer = Raw(json_bytes({"models": [_running(name, house.window) for name in house.models[:1]]}))
            case "POST", "/api/show":
                answer = self._show(request.json, house)
            case "POST", "/api/embed":
                answer = _embeddings(request.json)
            case _:
                answer = Raw(b"404 page not found", 404, "text/plain")
        return answer

    def whole(self, asked: Asked, reply: Reply, bill: Bill) -> Raw:
        """Give an answer as one object."""
        for part in reply.parts:
            if isinstance(part, Trouble):
                return self.failure(Failure(part.status, part.message), asked.number)
        message: dict[str, Any] = {"role": "assistant", "content": ""}
        for piece in self._pieces(asked, reply):
            for key, value in piece.items():
                message[key] = message[key] + value if key in message else value
        return Raw(json_bytes(_outside(asked) | {"message": message} | _end(reply, bill)))

    def events(self, asked: Asked, reply: Reply, bill: Bill) -> Iterator[bytes]:
        """Give an answer line by line; the last has the figures."""
        for part in self._pieces(asked, reply):
            if "error" in part:
                yield json_bytes({"error": part["error"]}) + b"\n"
                return
            message = {"role": "assistant", "content": ""} | dict(part)
            yield json_bytes(_outside(asked) | {"message": message, "done": False}) + b"\n"
        last = {"message": {"role": "assistant", "content": ""}} | _end(reply, bill)
        yield json_bytes(_outside(asked) | last) + b"\n"

    def failure(self, failure: Failure, number: int) -> Raw:
        """Give an error: one sentence."""
        told = failure.message or _MESSAGES.get(failure.status, "llama runner process has terminated: exit status 2")
        headers = {} if failure.retry_after is None else {"retry-after": str(failure.retry_after)}
        return Raw(json_bytes({"error": told}), failure.status, headers=headers, transit=failure.transit)

    def wrong_key(self) -> Failure:
        """Say that the key is not right."""
        return Failure(401, "unauthorized")

    def no_such_model(self, model: str) -> Failure:
        """Say that there is no such model."""
        return Failure(404, f"model '{model}' not found")

    def too_long(self, fact: TooLong) -> Failure:
        """Say that the request is too long, as the llama.cpp server within it does: JSON as the text of an error."""
        told = (
            f"request ({fact.tokens} tokens) exceeds the available context size ({fact.window} tokens), "
            "try increasing it"
        )
        kind = {"type": "exceed_context_size_error", "n_prompt_tokens": fact.tokens, "n_ctx": fact.window}
        inner = json_bytes({"error": {"code": 400, "message": told} | kind})
        return Failure(400, inner.decode(), transit=fact.transit)

    def _pieces(self, asked: Asked, reply: Reply) -> Iterator[Mapping[str, Any]]:
        calls = 0
        for part in reply.parts:
            if isinstance(part, Call):
                yield {"tool_calls": [self._call(asked, calls, part)]}
                calls += 1
            else:
                yield from _of_part(part, reply.token)

    def _call(self, asked: Asked, at: int, call: Call) -> dict[str, Any]:
        index = at if call.index is None else call.index
        name = call.id or f"call_{asked.number:06d}{at:02d}"
        return {"id": name, "function": {"index": index} | _function(call)}

    def _show(self, body: Mapping[str, Any], house: House) -> Answer:
        name = str(body.get("model") or body.get("name"))
        if name not in house.models:
            return self.no_such_model(name)
        return Raw(
            json_bytes(
                {
                    "modelfile": f"FROM {name}",
                    "parameters": "temperature 0.6",
                    "template": "{{ .Prompt }}",
                    "details": _DETAILS,
                    "model_info": {
                        "general.architecture": "qwen3",
                        "general.parameter_count": 8_190_735_360,
                        "qwen3.context_length": house.window or 40_960,
                        "qwen3.embedding_length": 4_096,
                    },
                    "capabilities": ["completion", "tools", "thinking"],
                    "modified_at": _MOMENT,
                }
            )
        )


class EarlierOllama(Ollama):
    """Speaks as Ollama did before its calls had ids and positions."""

    name = "ollama-earlier"

    def _call(self, asked: Asked, at: int, call: Call) -> dict[str, Any]:
        return {"function": _function(call)}


_MESSAGES = {
    400: "invalid request",
    403: "forbidden",
    429: "too many requests",
    503: "server busy, please try again.  maximum pending requests exceeded",
}


def _outside(asked: Asked) -> dict[str, Any]:
    return {"model": asked.model, "created_at": _MOMENT}


def _end(reply: Reply, bill: Bill) -> dict[str, Any]:
    reason = {"": "stop", "tool_calls": "stop", "content_filter": "stop"}.get(reply.finish, reply.finish)
    return {
        "done": True,
        "done_reason": reason,
        "total_duration": 174_560_334,
        "load_duration": 101_397_084,
        "prompt_eval_count": bill.usage.prompt,
        "prompt_eval_duration": 13_074_791,
        "eval_count": bill.usage.completion,
        "eval_duration": 52_479_709,
    }


def _of_part(part: Part, size: int) -> Iterator[Mapping[str, Any]]:
    match part:
        case Text(text=text, endless=endless):
            yield from ({"content": piece} for piece in spoken(text, size, endless=endless))
        case Refusal(text=text):
            yield from ({"content": piece} for piece in pieces_of(text, size))
        case Thought(text=text):
            yield from ({"thinking": piece} for piece in pieces_of(text, size))
        case Trouble(message=message):
            yield {"error": message}
        case HiddenThought() | Executed():
            raise TypeError(f"Ollama has nothing like {type(part).__name__}")
        case _:
            yield {"content": ""}


def _function(call: Call) -> dict[str, Any]:
    if isinstance(call.arguments, str):
        raise TypeError("Ollama sends the arguments of a call as an object, so a story cannot give them as text")
    return {"name": call.name, "arguments": call.arguments}


def _listed(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "model": name,
        "modified_at": _MOMENT,
        "size": 5_225_388_164,
        "digest": "500a1f067a9f782620b40bee6f7b0c89e17ae61f686b92c24933e4ca4b2b8b41",
        "details": _DETAILS,
    }


def _running(name: str, window: int) -> dict[str, Any]:
    extra = {"expires_at": "2026-11-26T10:00:00Z", "size_vram": 5_225_388_164, "context_length": window or 4_096}
    return {key: value for key, value in _listed(name).items() if key != "modified_at"} | extra


def _embeddings(body: Mapping[str, Any]) -> Answer:
    given = body["input"]
    texts: Sequence[str] = [given] if isinstance(given, str) else given
    return Raw(
        json_bytes(
            {
                "model": body.get("model", ""),
                "embeddings": [embedding(text) for text in texts],
                "total_duration": 14_143_917,
                "load_duration": 1_019_500,
                "prompt_eval_count": sum(tokens_in(text) for text in texts),
            }
        )
    )
