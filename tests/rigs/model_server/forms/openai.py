"""OpenAI's chat completions, as OpenAI and the many servers speak them that are compatible to it.

After the OpenAI API reference ("Create chat completion", "The chat completion chunk object", "Create embeddings",
"List models") and the guides "Streaming API responses" and "Error codes". `reasoning_content` is what DeepSeek, vLLM
and LM Studio add for thoughts (DeepSeek API docs, "Thinking Mode").
"""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from tests.rigs.model_server.answer import (
    Answer,
    Blank,
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
from tests.rigs.model_server.forms.encoding import data_event, json_bytes, pieces_of, spoken
from tests.rigs.model_server.forms.form import Bill, House
from tests.rigs.model_server.forms.vectors import as_base64, embedding
from tests.rigs.model_server.request import Asked, Request
from tests.rigs.model_server.usage import tokens_in

_KINDS = {
    400: ("invalid_request_error", ""),
    401: ("invalid_request_error", "invalid_api_key"),
    403: ("invalid_request_error", "unsupported_country_region_territory"),
    404: ("invalid_request_error", "model_not_found"),
    408: ("timeout", ""),
    413: ("invalid_request_error", ""),
    429: ("requests", "rate_limit_exceeded"),
    503: ("service_unavailable_error", ""),
}
_MESSAGES = {
    400: "The request is not valid.",
    401: "Incorrect API key provided. You can find your API key in your account.",
    403: "Country, region, or territory not supported",
    413: "Maximum content size limit exceeded.",
    429: "Rate limit reached for requests. Please try again later.",
    503: "The engine is currently overloaded, please try again later",
}


class OpenAI:
    """Speaks chat completions."""

    name = "openai"
    base = "/v1"
    media = "text/event-stream; charset=utf-8"

    def key(self, request: Request) -> str:
        """Give the bearer token."""
        return request.headers.get("authorization", "").removeprefix("Bearer ")

    def is_call(self, request: Request) -> bool:
        """Say whether it is a chat completion."""
        return request.method == "POST" and request.path == f"{self.base}/chat/completions"

    def asked(self, request: Request, body: Mapping[str, Any], number: int) -> Asked:
        """Read a request for a chat completion."""
        messages = body.get("messages", [])
        return Asked(
            number=number,
            turn=1 + sum(message.get("role") == "assistant" for message in messages),
            model=str(body.get("model", "")),
            last=_text(messages[-1]) if messages else "",
            tools=tuple(tool["function"]["name"] for tool in body.get("tools") or ()),
            stream=bool(body.get("stream")),
            body=body,
            request=request,
        )

    def objection(self, asked: Asked) -> str:
        """Hold calls and their results together, as OpenAI does: each call is answered before anything else is said."""
        open_calls: list[str] = []
        for message in asked.body.get("messages", ()):
            if message["role"] == "tool":
                if message.get("tool_call_id") not in open_calls:
                    return "messages with role 'tool' must be a response to a preceding message with 'tool_calls'."
                open_calls.remove(message["tool_call_id"])
                continue
            if open_calls:
                break
            open_calls = [call["id"] for call in message.get("tool_calls") or ()]
        if open_calls:
            return (
                "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
                f"'tool_call_id'. The following tool_call_ids did not have response messages: {', '.join(open_calls)}"
            )
        return "" if asked.body.get("messages") else "Missing required parameter: 'messages'."

    def elsewhere(self, request: Request, house: House) -> Answer:
        """List the models, or embed texts."""
        path = request.path.removeprefix(self.base)
        if request.method == "GET" and path == "/models":
            return Raw(json_bytes({"object": "list", "data": [self._model(name) for name in house.models]}))
        if request.method == "GET" and path.removeprefix("/models/") in house.models:
            return Raw(json_bytes(self._model(path.removeprefix("/models/"))))
        if request.method == "POST" and path == "/embeddings":
            return _embeddings(request.json)
        return Failure(404, f"Invalid URL ({request.method} {request.path})", "invalid_request_error")

    def whole(self, asked: Asked, reply: Reply, bill: Bill) -> Raw:
        """Give a chat completion."""
        for part in reply.parts:
            if isinstance(part, Trouble):
                return self.failure(Failure(part.status, part.message), asked.number)
        choice = {
            "index": 0,
            "message": self._message(asked, reply.parts),
            "logprobs": None,
            "finish_reason": finish_of(reply),
        }
        blank = bool(reply.parts) and all(isinstance(part, Blank) for part in reply.parts)
        outside = self._outside(asked, "chat.completion")
        return Raw(json_bytes(outside | {"choices": [] if blank else [choice], "usage": self._usage(bill)}))

    def events(self, asked: Asked, reply: Reply, bill: Bill) -> Iterator[bytes]:
        """Give the chunks of a chat completion; the usage, where it is asked for, in a last one without choices."""
        outside = self._outside(asked, "chat.completion.chunk")
        counted = bool((asked.body.get("stream_options") or {}).get("include_usage"))
        nothing: dict[str, Any] = {"usage": None} if counted else {}
        said = any(isinstance(part, Text) for part in reply.parts)
        role = {"role": "assistant", "content": "" if said else None, "refusal": None}
        for delta in chain([role], self._deltas(asked, reply)):
            if isinstance(delta, Trouble):
                yield self._broken(outside, delta)
                return
            choices = [self._choice(delta, None)] if delta is not None else []
            yield data_event(outside | {"choices": choices} | nothing)
        yield data_event(outside | {"choices": [self._choice({}, finish_of(reply))]} | nothing)
        if counted:
            yield data_event(outside | {"choices": [], "usage": self._usage(bill)})
        yield b"data: [DONE]\n\n"

    def failure(self, failure: Failure, number: int) -> Raw:
        """Give an error object."""
        kind, code = _KINDS.get(failure.status, ("server_error", ""))
        error = {
            "message": failure.message
            or _MESSAGES.get(failure.status, "The server had an error while processing your request."),
            "type": failure.kind or kind,
            "param": None,
            "code": failure.code or code or None,
        }
        headers = {"x-request-id": f"req_{number:08d}"}
        if failure.retry_after is not None:
            headers["retry-after"] = str(failure.retry_after)
        return Raw(json_bytes({"error": error}), failure.status, headers=headers, transit=failure.transit)

    def wrong_key(self) -> Failure:
        """Say that the key is not right."""
        return Failure(401)

    def no_such_model(self, model: str) -> Failure:
        """Say that there is no such model."""
        return Failure(404, f"The model `{model}` does not exist or you do not have access to it.")

    def too_long(self, fact: TooLong) -> Failure:
        """Say that the request is too long."""
        told = (
            f"This model's maximum context length is {fact.window} tokens. However, your messages resulted in "
            f"{fact.tokens} tokens. Please reduce the length of the messages."
        )
        return Failure(400, told, code="context_length_exceeded", transit=fact.transit)

    def _model(self, name: str) -> dict[str, Any]:
        return {"id": name, "object": "model", "created": 1_700_000_000, "owned_by": "organization-owner"}

    def _outside(self, asked: Asked, kind: str) -> dict[str, Any]:
        return {
            "id": f"chatcmpl-{asked.number:08d}",
            "object": kind,
            "created": int(time.time()),
            "model": asked.model,
            "system_fingerprint": "fp_44709d6fcb",
        }

    def _choice(self, delta: Mapping[str, Any], finish: str | None) -> dict[str, Any]:
        return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}

    def _usage(self, bill: Bill) -> dict[str, Any]:
        usage = bill.usage
        return {
            "prompt_tokens": usage.prompt,
            "completion_tokens": usage.completion,
            "total_tokens": usage.total,
            "prompt_tokens_details": {"cached_tokens": usage.cached, "audio_tokens": 0},
            "completion_tokens_details": {
                "reasoning_tokens": usage.reasoning,
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        }

    def _message(self, asked: Asked, parts: Sequence[Part]) -> dict[str, Any]:
        text = "".join(part.text for part in parts if isinstance(part, Text))
        refusal = "".join(part.text for part in parts if isinstance(part, Refusal))
        message: dict[str, Any] = {
            "role": "assistant",
            "content": text if any(isinstance(part, Text) for part in parts) else None,
            "refusal": refusal or None,
            "annotations": [note for part in parts if isinstance(part, Executed) for note in annotations(part)],
        }
        message |= self._thoughts([part for part in parts if isinstance(part, Thought | HiddenThought)])
        calls = [part for part in parts if isinstance(part, Call)]
        if calls:
            message["tool_calls"] = [
                {"id": call_id(asked, at, call), "type": "function", "function": _function(call, arguments_of(call))}
                for at, call in enumerate(calls)
            ]
        return message

    def _thoughts(self, thoughts: Sequence[Thought | HiddenThought]) -> dict[str, Any]:
        shown = "".join(thought.text for thought in thoughts if isinstance(thought, Thought))
        return {"reasoning_content": shown} if shown else {}

    def _deltas(self, asked: Asked, reply: Reply) -> Iterator[Mapping[str, Any] | Trouble | None]:
        calls = [part for part in reply.parts if isinstance(part, Call)]
        streams = [self._call_deltas(asked, at, call, reply.token) for at, call in enumerate(calls)]
        for part in reply.parts:
            if not isinstance(part, Call):
                yield from self._part_deltas(part, reply.token)
            elif not reply.interleaved:
                yield from streams[calls.index(part)]
            else:
                yield from alternating(streams)

    def _part_deltas(self, part: Part, size: int) -> Iterator[Mapping[str, Any] | Trouble | None]:
        match part:
            case Text(text=text, endless=endless):
                yield from ({"content": piece} for piece in spoken(text, size, endless=endless))
            case Thought(text=text):
                for piece in pieces_of(text, size):
                    yield self._thoughts([Thought(piece)])
            case Refusal(text=text):
                yield from ({"refusal": piece} for piece in pieces_of(text, size))
            case Executed():
                yield {"annotations": annotations(part)}
            case Trouble():
                yield part
            case HiddenThought():
                hidden = self._thoughts([part])
                yield from [hidden] if hidden else []
            case _:
                yield None

    def _call_deltas(self, asked: Asked, at: int, call: Call, size: int) -> Iterator[Mapping[str, Any]]:
        index = at if call.index is None else call.index
        first = {"index": index, "id": call_id(asked, at, call), "type": "function", "function": _function(call, "")}
        yield {"tool_calls": [first]}
        for piece in pieces_of(arguments_of(call), size):
            yield {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}

    def _broken(self, outside: Mapping[str, Any], trouble: Trouble) -> bytes:
        return data_event({"error": {"message": trouble.message, "type": "server_error", "param": None, "code": None}})


def annotations(search: Executed) -> list[dict[str, Any]]:
    """Give what the results of a search look like: citations of addresses."""
    return [
        {
            "type": "url_citation",
            "url_citation": {"start_index": 0, "end_index": 0, "title": title, "url": address},
        }
        for title, address in search.results
    ]


def finish_of(reply: Reply) -> str:
    """Give the finish reason: the story's, or what follows from the parts."""
    called = any(isinstance(part, Call) for part in reply.parts)
    return reply.finish or ("tool_calls" if called else "stop")


def call_id(asked: Asked, at: int, call: Call) -> str:
    """Give the id of a call: the story's, or one that no other call has."""
    return call.id or f"call_{asked.number:06d}{at:02d}"


def arguments_of(call: Call) -> str:
    """Give the arguments of a call as text."""
    return call.arguments if isinstance(call.arguments, str) else json.dumps(call.arguments, ensure_ascii=False)


def alternating(streams: Sequence[Iterator[Mapping[str, Any]]]) -> Iterator[Mapping[str, Any]]:
    """Take one from each stream in turn until all are empty."""
    left = list(streams)
    while left:
        for stream in tuple(left):
            piece = next(stream, None)
            if piece is None:
                left.remove(stream)
            else:
                yield piece


def _function(call: Call, arguments: str) -> dict[str, str]:
    return {"name": call.name, "arguments": arguments}


def _text(message: Mapping[str, Any]) -> str:
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "\n".join(part.get("text", "") for part in content)


def _embeddings(body: Mapping[str, Any]) -> Answer:
    given = body["input"]
    texts = [given] if isinstance(given, str) else [str(text) for text in given]
    packed = body.get("encoding_format") == "base64"
    vectors = [embedding(text) for text in texts]
    data = [
        {"object": "embedding", "index": at, "embedding": as_base64(vector) if packed else vector}
        for at, vector in enumerate(vectors)
    ]
    tokens = sum(tokens_in(text) for text in texts)
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return Raw(json_bytes({"object": "list", "data": data, "model": body.get("model", ""), "usage": usage}))
