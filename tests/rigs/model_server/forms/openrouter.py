"""OpenRouter: chat completions with additions.

After the OpenRouter docs: "Streaming", "Errors and Debugging", "Usage Accounting", "Reasoning Tokens".
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.rigs.model_server.answer import Failure, HiddenThought, Part, Raw, Reply, Thought, TooLong, Trouble
from tests.rigs.model_server.forms.encoding import data_event, json_bytes
from tests.rigs.model_server.forms.form import Bill
from tests.rigs.model_server.forms.openai import OpenAI
from tests.rigs.model_server.request import Asked

_PROVIDER = "Example Provider"
_MESSAGES = {
    400: "Bad request",
    401: "No auth credentials found",
    402: "Insufficient credits. Add more and retry the request.",
    403: "The input was flagged by moderation",
    404: "No endpoints found",
    408: "Request timed out",
    429: "Rate limit exceeded",
    502: "Provider returned error",
    503: "No available model provider meets the routing requirements",
}


class OpenRouter(OpenAI):
    """Speaks chat completions as OpenRouter does."""

    name = "openrouter"
    base = "/api/v1"
    media = "text/event-stream"

    def events(self, asked: Asked, reply: Reply, bill: Bill) -> Iterator[bytes]:
        """Give the chunks, after a comment that keeps the connection alive; the usage comes always."""
        yield b": OPENROUTER PROCESSING\n\n"
        body = {**asked.body, "stream_options": {"include_usage": True}}
        counted = Asked(
            asked.number, asked.turn, asked.model, asked.last, asked.tools, asked.stream, body, asked.request
        )
        yield from super().events(counted, reply, bill)

    def failure(self, failure: Failure, number: int) -> Raw:
        """Give an error, whose code is the status."""
        told = failure.message or _MESSAGES.get(failure.status, "Internal Server Error")
        error: dict[str, Any] = {"message": told, "code": failure.status}
        if failure.status == 403:
            error["metadata"] = {"reasons": ["violence"], "flagged_input": "", "provider_name": _PROVIDER}
        if failure.status == 502:
            error["metadata"] = {"provider_name": _PROVIDER, "raw": told}
        headers = {} if failure.retry_after is None else {"retry-after": str(failure.retry_after)}
        return Raw(json_bytes({"error": error}), failure.status, headers=headers, transit=failure.transit)

    def wrong_key(self) -> Failure:
        """Say that the key is not right."""
        return Failure(401, "User not found.")

    def no_such_model(self, model: str) -> Failure:
        """Say that there is no such model."""
        return Failure(400, f"{model} is not a valid model ID")

    def too_long(self, fact: TooLong) -> Failure:
        """Say that the request is too long."""
        told = (
            f"This endpoint's maximum context length is {fact.window} tokens. However, you requested about "
            f"{fact.tokens} tokens. Please reduce the length of either one, or use the context-compression plugin."
        )
        return Failure(400, told, transit=fact.transit)

    def _outside(self, asked: Asked, kind: str) -> dict[str, Any]:
        return super()._outside(asked, kind) | {"id": f"gen-{asked.number:08d}", "provider": _PROVIDER}

    def _choice(self, delta: Mapping[str, Any], finish: str | None) -> dict[str, Any]:
        return super()._choice(delta, finish) | {"native_finish_reason": finish}

    def _usage(self, bill: Bill) -> dict[str, Any]:
        details = {"upstream_inference_cost": None, "upstream_inference_prompt_cost": 0.0}
        return super()._usage(bill) | {"cost": bill.cost, "is_byok": False, "cost_details": details}

    def _thoughts(self, thoughts: Sequence[Thought | HiddenThought]) -> dict[str, Any]:
        if not thoughts:
            return {}
        shown = "".join(thought.text for thought in thoughts if isinstance(thought, Thought))
        details = [_detail(at, thought) for at, thought in enumerate(thoughts)]
        return {"reasoning": shown or None, "reasoning_details": details}

    def _part_deltas(self, part: Part, size: int) -> Iterator[Mapping[str, Any] | Trouble | None]:
        yield from super()._part_deltas(part, size)
        if isinstance(part, Thought) and part.signature:
            # The seal comes by itself, without words.
            yield {"content": "", "reasoning": None, "reasoning_details": [_detail(0, Thought("", part.signature))]}

    def _broken(self, outside: Mapping[str, Any], trouble: Trouble) -> bytes:
        choice = self._choice({"content": ""}, "error")
        error = {"code": trouble.status, "message": trouble.message}
        return data_event({**outside, "error": error, "choices": [choice]})


def _detail(at: int, thought: Thought | HiddenThought) -> dict[str, Any]:
    if isinstance(thought, HiddenThought):
        return {"type": "reasoning.encrypted", "data": thought.data, "format": "anthropic-claude-v1", "index": at}
    detail = {"type": "reasoning.text", "text": thought.text, "format": "anthropic-claude-v1", "index": at}
    return detail | ({"signature": thought.signature} if thought.signature else {})
