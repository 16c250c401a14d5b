"""Anthropic's messages.

After the Claude API docs: "Messages", "Streaming messages", "Errors", "Handling stop reasons", "Extended thinking",
"Web search tool", "Prompt caching", "Versions", "List models".
"""

import json
from collections.abc import Iterator, Mapping, Sequence
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
from tests.rigs.model_server.forms.encoding import json_bytes, named_event, pieces_of, spoken
from tests.rigs.model_server.forms.form import Bill, House
from tests.rigs.model_server.request import Asked, Request
from tests.rigs.model_server.usage import tokens_in

_ERRORS = {
    400: ("invalid_request_error", "The request is not valid."),
    401: ("authentication_error", "invalid x-api-key"),
    402: ("billing_error", "Your credit balance is too low to access the API."),
    403: ("permission_error", "Your API key does not have permission to use the specified resource."),
    404: ("not_found_error", "Not found"),
    408: ("timeout_error", "Request timed out"),
    413: ("request_too_large", "Request exceeds the maximum size"),
    429: ("rate_limit_error", "This request would exceed your organization's rate limit."),
    504: ("timeout_error", "Request timed out"),
    529: ("overloaded_error", "Overloaded"),
}
_REASONS = {"stop": "end_turn", "length": "max_tokens", "tool_calls": "tool_use", "content_filter": "refusal"}


class Anthropic:
    """Speaks messages."""

    name = "anthropic"
    base = ""
    media = "text/event-stream; charset=utf-8"

    def key(self, request: Request) -> str:
        """Give the key: a header of its own, or a bearer token, as newer clients send it."""
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        return request.headers.get("x-api-key") or bearer

    def is_call(self, request: Request) -> bool:
        """Say whether it is a message."""
        return request.method == "POST" and request.path == "/v1/messages"

    def asked(self, request: Request, body: Mapping[str, Any], number: int) -> Asked:
        """Read a request for a message."""
        messages = body.get("messages", [])
        return Asked(
            number=number,
            turn=1 + sum(message.get("role") == "assistant" for message in messages),
            model=str(body.get("model", "")),
            last=_text(messages[-1]) if messages else "",
            tools=tuple(tool["name"] for tool in body.get("tools") or ()),
            stream=bool(body.get("stream")),
            body=body,
            request=request,
        )

    def objection(self, asked: Asked) -> str:
        """Want the version, a limit, and results right after their calls."""
        if "anthropic-version" not in asked.request.headers:
            return "anthropic-version: header is required"
        if "max_tokens" not in asked.body:
            return "max_tokens: Field required"
        messages = asked.body.get("messages") or []
        if not messages:
            return "messages: at least one message is required"
        return _unpaired(messages)

    def elsewhere(self, request: Request, house: House) -> Answer:
        """List the models, or count tokens."""
        if request.method == "POST" and request.path == "/v1/messages/count_tokens":
            return Raw(json_bytes({"input_tokens": tokens_in(request.body)}))
        if request.method == "GET" and request.path == "/v1/models":
            models = [_model(name) for name in house.models]
            ends = {"first_id": house.models[0], "last_id": house.models[-1]}
            return Raw(json_bytes({"data": models, "has_more": False} | ends))
        name = request.path.removeprefix("/v1/models/")
        if request.method == "GET" and name in house.models:
            return Raw(json_bytes(_model(name)))
        return Failure(404)

    def whole(self, asked: Asked, reply: Reply, bill: Bill) -> Raw:
        """Give a message."""
        for part in reply.parts:
            if isinstance(part, Trouble):
                return self.failure(Failure(part.status, part.message), asked.number)
        content = [_read(block) for at, part in enumerate(reply.parts) for block in _blocks(asked, at, part)]
        ending = {"content": content, "stop_reason": _reason(reply), "usage": _usage(reply, bill)}
        return Raw(json_bytes(_message(asked) | ending), headers=_named(asked.number))

    def events(self, asked: Asked, reply: Reply, bill: Bill) -> Iterator[bytes]:
        """Give a message block by block; its usage stands at both ends."""
        usage = _usage(reply, bill)
        start = _message(asked) | {"usage": usage | {"output_tokens": 1}}
        yield _event("message_start", message=start)
        index = 0
        for at, part in enumerate(reply.parts):
            if isinstance(part, Trouble):
                yield _event("error", error=_error(part.status, part.message))
                return
            if isinstance(part, Blank):
                yield _event("ping")
                continue
            for block in _blocks(asked, at, part):
                endless = isinstance(part, Text) and part.endless
                yield from _block_events(index, block, reply.token, endless=endless)
                index += 1
                if index == 1:
                    yield _event("ping")
        yield _event("message_delta", delta={"stop_reason": _reason(reply), "stop_sequence": None}, usage=usage)
        yield _event("message_stop")

    def failure(self, failure: Failure, number: int) -> Raw:
        """Give an error."""
        error = _error(failure.status, failure.message, failure.kind)
        body = {"type": "error", "error": error, "request_id": f"req_{number:08d}"}
        headers = _named(number)
        if failure.retry_after is not None:
            headers["retry-after"] = str(failure.retry_after)
        return Raw(json_bytes(body), failure.status, headers=headers, transit=failure.transit)

    def wrong_key(self) -> Failure:
        """Say that the key is not right."""
        return Failure(401)

    def no_such_model(self, model: str) -> Failure:
        """Say that there is no such model."""
        return Failure(404, f"model: {model}")

    def too_long(self, fact: TooLong) -> Failure:
        """Say that the request is too long."""
        return Failure(400, f"prompt is too long: {fact.tokens} tokens > {fact.window} maximum", transit=fact.transit)


def _event(kind: str, **content: Any) -> bytes:
    return named_event(kind, {"type": kind} | content)


def _named(number: int) -> dict[str, str]:
    return {"request-id": f"req_{number:08d}"}


def _error(status: int, message: str, kind: str = "") -> dict[str, str]:
    usual, told = _ERRORS.get(status, ("api_error", "Internal server error"))
    return {"type": kind or usual, "message": message or told}


def _model(name: str) -> dict[str, Any]:
    return {
        "type": "model",
        "id": name,
        "display_name": name,
        "created_at": "2026-02-01T00:00:00Z",
        "lifecycle": "active",
    }


def _message(asked: Asked) -> dict[str, Any]:
    return {
        "id": f"msg_{asked.number:08d}",
        "type": "message",
        "role": "assistant",
        "model": asked.model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
    }


def _reason(reply: Reply) -> str:
    if reply.finish:
        return _REASONS.get(reply.finish, reply.finish)
    if any(isinstance(part, Call) for part in reply.parts):
        return "tool_use"
    return "refusal" if any(isinstance(part, Refusal) for part in reply.parts) else "end_turn"


def _usage(reply: Reply, bill: Bill) -> dict[str, Any]:
    usage: dict[str, Any] = {
        "input_tokens": bill.usage.fresh,
        "cache_creation_input_tokens": bill.usage.cache_written,
        "cache_read_input_tokens": bill.usage.cached,
        "output_tokens": bill.usage.completion,
    }
    searches = sum(isinstance(part, Executed) for part in reply.parts)
    if searches:
        usage["server_tool_use"] = {"web_search_requests": searches, "web_fetch_requests": 0}
    return usage


def _blocks(asked: Asked, at: int, part: Part) -> Sequence[dict[str, Any]]:
    """Give the blocks of content that a part makes."""
    match part:
        case Text(text=text) | Refusal(text=text):
            return [{"type": "text", "text": text}]
        case Thought(text=text, signature=signature):
            return [{"type": "thinking", "thinking": text, "signature": signature or "EqQBCgIYAhIM"}]
        case HiddenThought(data=data):
            return [{"type": "redacted_thinking", "data": data}]
        case Call(name=name, arguments=arguments, id=named):
            named = named or f"toolu_{asked.number:06d}{at:02d}"
            return [{"type": "tool_use", "id": named, "name": name, "input": arguments}]
        case Executed():
            return _search(part, part.id or f"srvtoolu_{asked.number:06d}{at:02d}")
    return []


def _search(search: Executed, name: str) -> Sequence[dict[str, Any]]:
    results = [
        {
            "type": "web_search_result",
            "title": title,
            "url": address,
            "encrypted_content": "EqgfCioIARgBIiQ3",
            "page_age": None,
        }
        for title, address in search.results
    ]
    return [
        {"type": "server_tool_use", "id": name, "name": "web_search", "input": {"query": search.query}},
        {"type": "web_search_tool_result", "tool_use_id": name, "content": results},
    ]


def _read(block: dict[str, Any]) -> dict[str, Any]:
    """Give a block with its input as an object, as whole messages have it."""
    return block | {"input": json.loads(block["input"])} if isinstance(block.get("input"), str) else block


def _block_events(index: int, block: Mapping[str, Any], size: int, *, endless: bool) -> Iterator[bytes]:
    """Give one block: its empty beginning, its pieces, its end."""
    beginning, deltas = _taken_apart(block, size, endless=endless)
    yield _event("content_block_start", index=index, content_block=beginning)
    for delta in deltas:
        yield _event("content_block_delta", index=index, delta=delta)
    yield _event("content_block_stop", index=index)


def _taken_apart(
    block: Mapping[str, Any], size: int, *, endless: bool
) -> tuple[Mapping[str, Any], Iterator[Mapping[str, Any]]]:
    match block["type"]:
        case "text":
            words = spoken(block["text"], size, endless=endless)
            return {"type": "text", "text": ""}, ({"type": "text_delta", "text": word} for word in words)
        case "thinking":
            return {"type": "thinking", "thinking": "", "signature": ""}, _thinking(block, size)
        case "tool_use" | "server_tool_use":
            given = block["input"]
            written = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False) if given else ""
            pieces = ["", *pieces_of(written, size)]
            return {**block, "input": {}}, ({"type": "input_json_delta", "partial_json": piece} for piece in pieces)
    return block, iter(())


def _thinking(block: Mapping[str, Any], size: int) -> Iterator[Mapping[str, Any]]:
    for piece in pieces_of(block["thinking"], size):
        yield {"type": "thinking_delta", "thinking": piece}
    yield {"type": "signature_delta", "signature": block["signature"]}


def _text(message: Mapping[str, Any]) -> str:
    content = message["content"]
    if isinstance(content, str):
        return content
    told = [block.get("text") or block.get("content") or "" for block in content]
    return "\n".join(one if isinstance(one, str) else "\n".join(part.get("text", "") for part in one) for one in told)


def _ids(message: Mapping[str, Any], kind: str, key: str) -> list[str]:
    content = message["content"]
    return [] if isinstance(content, str) else [block[key] for block in content if block.get("type") == kind]


def _unpaired(messages: Sequence[Mapping[str, Any]]) -> str:
    """Say where a call has no result in the message after it, or a result no call in the message before."""
    waiting: list[str] = []
    for at, message in enumerate(messages):
        results = _ids(message, "tool_result", "tool_use_id")
        missing = [name for name in waiting if name not in results]
        if missing:
            return (
                f"messages.{at - 1}: `tool_use` ids were found without `tool_result` blocks immediately after: "
                f"{', '.join(missing)}. Each `tool_use` block must have a corresponding `tool_result` block in the "
                "next message."
            )
        stray = [name for name in results if name not in waiting]
        if stray:
            return f"messages.{at}.content: unexpected `tool_use_id` found in `tool_result` blocks: {', '.join(stray)}."
        waiting = _ids(message, "tool_use", "id")
    return ""
