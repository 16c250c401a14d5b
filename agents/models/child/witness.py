"""What really came over the wire.

LiteLLM makes a proper end of a stream that broke off, an empty answer of a web page, and errors of its own kinds of
those that the providers give; so what is decided by is looked at here, before it.
"""

import json
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import httpx

_END = re.compile(
    rb'\[DONE\]|"done"\s*:\s*true|"message_stop"|"(?:finish|stop|block)_?[rR]eason"\s*:\s*"|"refusal"\s*:\s*"'
)
"""How a provider's last words look: OpenAI, Ollama, Anthropic, Gemini, which blocks what it will not answer."""
_OVERLAP = 64
_REFUSAL = b'"refusal"'
_MOST_LINE = 1_000_000


class Witness:
    """Sees the last response of one attempt: status, media type, when to come again, and whether it was ended."""

    def __init__(self) -> None:
        """Have seen nothing."""
        self.status = 0
        self.media = ""
        self.retry_after: float | None = None
        self.ended = False
        self.refusal = ""
        self._tail = b""
        self._line = b""

    @property
    def is_page(self) -> bool:
        """Say whether it is a web page."""
        return self.media == "text/html"

    def see(self, response: httpx.Response) -> None:
        """Look at the head, and from now on at each piece of the body."""
        self.status, self.ended, self._tail, self._line = response.status_code, False, b"", b""
        self.media = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        with suppress(ValueError):
            self.retry_after = max(0.0, float(response.headers.get("retry-after", "")))
        stream = response.stream
        if isinstance(stream, httpx.AsyncByteStream):
            response.stream = _Witnessed(stream, self)

    def hear(self, piece: bytes) -> None:
        """Look at a piece of the body."""
        if not self.ended:
            self.ended = _END.search(self._tail + piece) is not None
            self._tail = (self._tail + piece)[-_OVERLAP:]
        *lines, rest = (self._line + piece).split(b"\n")
        self._line = rest[:_MOST_LINE]
        for line in lines:
            if _REFUSAL in line:
                self._take_refusal(line.removeprefix(b"data:").strip())

    def _take_refusal(self, line: bytes) -> None:
        """Keep the words of a refusal, which LiteLLM drops (OpenAI, chat completions: `delta.refusal`)."""
        with suppress(ValueError, AttributeError, TypeError):
            choices: list[dict[str, Any]] = json.loads(line).get("choices") or []
            self.refusal += "".join(choice["delta"].get("refusal") or "" for choice in choices if choice.get("delta"))


class _Witnessed(httpx.AsyncByteStream):
    def __init__(self, stream: httpx.AsyncByteStream, witness: Witness) -> None:
        self._stream = stream
        self._witness = witness

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._stream:
            self._witness.hear(piece)
            yield piece

    async def aclose(self) -> None:
        await self._stream.aclose()
