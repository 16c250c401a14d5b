"""Gemini's generateContent.

After the Gemini API reference ("Generating content", "Models", "Counting tokens"), the guides "Thinking", "Thought
signatures", "Function calling", "Grounding with Google Search", "Safety settings" and "Troubleshooting guide", and
google.rpc (error_details.proto).
"""

import json
import re
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
from tests.rigs.model_server.forms.encoding import data_event, json_bytes, pieces_of, spoken
from tests.rigs.model_server.forms.form import Bill, House
from tests.rigs.model_server.request import Asked, Request
from tests.rigs.model_server.usage import tokens_in

_ERRORS = {
    400: ("INVALID_ARGUMENT", "Request contains an invalid argument."),
    401: ("UNAUTHENTICATED", "Request had invalid authentication credentials."),
    403: ("PERMISSION_DENIED", "Your API key doesn't have the required permissions."),
    404: ("NOT_FOUND", "Requested entity was not found."),
    429: ("RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your plan and billing details."),
    500: ("INTERNAL", "An internal error has occurred. Please retry or report."),
    503: ("UNAVAILABLE", "The model is overloaded. Please try again later."),
    504: ("DEADLINE_EXCEEDED", "The request did not finish within the deadline."),
}
_REASONS = {"": "STOP", "stop": "STOP", "length": "MAX_TOKENS", "tool_calls": "STOP", "content_filter": "SAFETY"}
_CALL = re.compile(r"/v1(?:beta)?/models/([^:]+):(generateContent|streamGenerateContent)")

_LISTED = re.compile(r"/v1(?:beta)?/models/?([^/]*)")


class Gemini:
    """Speaks generateContent and streamGenerateContent."""

    name = "gemini"
    base = "/v1beta"
    media = "text/event-stream"

    def key(self, request: Request) -> str:
        """Give the key: a header, or a parameter of the address."""
        asked = re.search(r"[?&]key=([^&]*)", request.target)
        return request.headers.get("x-goog-api-key") or (asked.group(1) if asked else "")

    def is_call(self, request: Request) -> bool:
        """Say whether it generates content."""
        return request.method == "POST" and _CALL.fullmatch(request.path) is not None

    def asked(self, request: Request, body: Mapping[str, Any], number: int) -> Asked:
        """Read a request; the address says which model, and whether it is streamed."""
        found = _CALL.fullmatch(request.path)
        model, verb = found.groups() if found else ("", "")
        contents = body.get("contents", [])
        tools = [one for tool in body.get("tools") or () for one in _declared(tool)]
        return Asked(
            number=number,
            turn=1 + sum(content.get("role") == "model" for content in contents),
            model=model,
            last=_text(contents[-1]) if contents else "",
            tools=tuple(one["name"] for one in tools),
            stream=verb == "streamGenerateContent",
            body=body,
            request=request,
        )

    def objection(self, asked: Asked) -> str:
        """Want as many results as calls, and say so as Gemini does."""
        contents = asked.body.get("contents") or []
        if not contents:
            return "* GenerateContentRequest.contents: contents is not specified"
        for content, following in zip(contents, [*contents[1:], {}], strict=True):
            calls, results = _count(content, "functionCall"), _count(following, "functionResponse")
            if calls != results:
                return (
                    "Please ensure that the number of function response parts is equal to the number of function call "
                    "parts of the function call turn."
                )
        return ""

    def elsewhere(self, request: Request, house: House) -> Answer:
        """List the models, or count tokens."""
        found = _LISTED.fullmatch(request.path)
        if request.method == "POST" and request.path.endswith(":countTokens"):
            return Raw(json_bytes({"totalTokens": tokens_in(request.body)}))
        if request.method != "GET" or found is None:
            return Failure(404)
        name = found.group(1)
        if not name:
            return Raw(json_bytes({"models": [_model(name, house.window) for name in house.models]}))
        if name in house.models:
            return Raw(json_bytes(_model(name, house.window)))
        return Failure(404)

    def whole(self, asked: Asked, reply: Reply, bill: Bill) -> Raw:
        """Give one response."""
        for part in reply.parts:
            if isinstance(part, Trouble):
                return self.failure(Failure(part.status, part.message), asked.number)
        if any(isinstance(part, Refusal) for part in reply.parts):
            return Raw(json_bytes(_blocked(asked, bill)))
        parts = [made for part in reply.parts for made in _parts(asked, part, 0, whole=True)]
        candidate = _candidate(parts, _reason(reply), _grounding(reply.parts))
        blank = bool(reply.parts) and all(isinstance(part, Blank) for part in reply.parts)
        return Raw(json_bytes(_outside(asked, bill) | ({} if blank else {"candidates": [candidate]})))

    def events(self, asked: Asked, reply: Reply, bill: Bill) -> Iterator[bytes]:
        """Give responses one after the other: as events, or without `alt=sse` as the elements of one array."""
        responses = self._responses(asked, reply, bill)
        if "alt=sse" in asked.request.target:
            for response in responses:
                yield data_event(response).replace(b"\n", b"\r\n")
            return
        before = b"["
        for response in responses:
            yield before + json_bytes(response)
            before = b",\r\n"
        yield b"]"

    def failure(self, failure: Failure, number: int) -> Raw:
        """Give a google.rpc.Status."""
        kind, told = _ERRORS.get(failure.status, ("UNKNOWN", "Unknown error."))
        error: dict[str, Any] = {
            "code": failure.status,
            "message": failure.message or told,
            "status": failure.kind or kind,
        }
        details: list[dict[str, Any]] = []
        if failure.code:
            reason = {"reason": failure.code, "domain": "googleapis.com"}
            details.append({"@type": "type.googleapis.com/google.rpc.ErrorInfo"} | reason)
        if isinstance(failure.retry_after, int | float):
            delay = {"retryDelay": f"{failure.retry_after:g}s"}
            details.append({"@type": "type.googleapis.com/google.rpc.RetryInfo"} | delay)
        error |= {"details": details} if details else {}
        headers = {} if failure.retry_after is None else {"retry-after": str(failure.retry_after)}
        return Raw(json_bytes({"error": error}), failure.status, headers=headers, transit=failure.transit)

    def wrong_key(self) -> Failure:
        """Say that the key is not right, which is a bad argument here."""
        return Failure(400, "API key not valid. Please pass a valid API key.", code="API_KEY_INVALID")

    def no_such_model(self, model: str) -> Failure:
        """Say that there is no such model."""
        told = f"models/{model} is not found for API version v1beta, or is not supported for generateContent."
        return Failure(404, told)

    def too_long(self, fact: TooLong) -> Failure:
        """Say that the request is too long."""
        told = f"The input token count ({fact.tokens}) exceeds the maximum number of tokens allowed ({fact.window})."
        return Failure(400, told, transit=fact.transit)

    def _responses(self, asked: Asked, reply: Reply, bill: Bill) -> Iterator[dict[str, Any]]:
        outside = _outside(asked, bill)
        for part in reply.parts:
            match part:
                case Trouble(status=status, message=message):
                    yield json.loads(self.failure(Failure(status, message), asked.number).body)
                    return
                case Refusal():
                    yield _blocked(asked, bill)
                    return
                case Blank():
                    yield outside
            for made in _parts(asked, part, reply.token, whole=False):
                yield outside | {"candidates": [_candidate([made], "")]}
        yield outside | {"candidates": [_candidate([{"text": ""}], _reason(reply), _grounding(reply.parts))]}


def _declared(tool: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return tool.get("functionDeclarations") or tool.get("function_declarations") or ()


def _count(content: Mapping[str, Any], key: str) -> int:
    snake = re.sub(r"([A-Z])", lambda found: "_" + found.group(1).lower(), key)
    return sum(key in part or snake in part for part in content.get("parts", ()))


def _model(name: str, window: int) -> dict[str, Any]:
    return {
        "name": f"models/{name}",
        "version": "001",
        "displayName": name,
        "inputTokenLimit": window or 1_048_576,
        "outputTokenLimit": 65_536,
        "supportedGenerationMethods": ["generateContent", "countTokens"],
    }


def _outside(asked: Asked, bill: Bill) -> dict[str, Any]:
    usage = bill.usage
    counted = {
        "promptTokenCount": usage.prompt,
        "candidatesTokenCount": usage.completion - usage.reasoning,
        "totalTokenCount": usage.total,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": usage.prompt}],
    }
    counted |= {"thoughtsTokenCount": usage.reasoning} if usage.reasoning else {}
    counted |= {"cachedContentTokenCount": usage.cached} if usage.cached else {}
    return {"usageMetadata": counted, "modelVersion": asked.model, "responseId": f"resp{asked.number:08d}"}


def _candidate(
    parts: Sequence[Mapping[str, Any]], reason: str, grounding: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    candidate: dict[str, Any] = {"content": {"parts": parts, "role": "model"}, "index": 0}
    candidate |= {"finishReason": reason} if reason else {}
    if reason == "SAFETY":
        candidate["safetyRatings"] = _ratings()
    return candidate | ({"groundingMetadata": grounding} if grounding else {})


def _ratings() -> list[dict[str, Any]]:
    return [{"category": "HARM_CATEGORY_DANGEROUS_CONTENT", "probability": "HIGH", "blocked": True}]


def _blocked(asked: Asked, bill: Bill) -> dict[str, Any]:
    feedback = {"blockReason": "PROHIBITED_CONTENT", "safetyRatings": _ratings()}
    return {"promptFeedback": feedback} | _outside(asked, bill)


def _reason(reply: Reply) -> str:
    return _REASONS.get(reply.finish, reply.finish)


def _parts(asked: Asked, part: Part, size: int, *, whole: bool) -> Iterator[dict[str, Any]]:
    """Give the parts of content that a part of the story makes: one where it is `whole`, else its pieces."""
    match part:
        case Text(text=text, endless=endless):
            pieces = iter([text]) if whole else spoken(text, size, endless=endless)
            yield from ({"text": piece} for piece in pieces)
        case Thought(text=text, signature=signature):
            shown = [text] if whole else pieces_of(text, size)
            sealed = {"thoughtSignature": signature} if signature else {}
            for at, piece in enumerate(shown, 1):
                yield {"text": piece, "thought": True} | (sealed if at == len(shown) else {})
        case HiddenThought(data=data):
            yield {"text": "", "thoughtSignature": data}
        case Call():
            yield _call(part)


def _call(call: Call) -> dict[str, Any]:
    if isinstance(call.arguments, str):
        raise TypeError("Gemini sends the arguments of a call as an object, so a story cannot give them as text")
    function = ({"id": call.id} if call.id else {}) | {"name": call.name, "args": call.arguments}
    return {"functionCall": function} | ({"thoughtSignature": call.signature} if call.signature else {})


def _grounding(parts: Sequence[Part]) -> dict[str, Any] | None:
    searches = [part for part in parts if isinstance(part, Executed)]
    if not searches:
        return None
    found = [result for search in searches for result in search.results]
    return {
        "webSearchQueries": [search.query for search in searches],
        "groundingChunks": [{"web": {"uri": address, "title": title}} for title, address in found],
    }


def _text(content: Mapping[str, Any]) -> str:
    told = []
    for part in content.get("parts", ()):
        response = part.get("functionResponse") or part.get("function_response")
        told.append(
            part.get("text", "") if response is None else json.dumps(response.get("response"), ensure_ascii=False)
        )
    return "\n".join(told)
