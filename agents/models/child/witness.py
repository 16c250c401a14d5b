"""What really came over the wire.

LiteLLM makes a proper end of a stream that broke off, an empty answer of a web page, and errors of its own kinds of
those that the providers give; so what is decided by is looked at here, before it.
"""

import json
import re
import time
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from agents.models.child.ending import BROKEN, CUT_OFF, LOOKS, endings_in
from agents.models.child.lines import Lines, content_of, rewritten
from agents.models.child.thoughts import add_detail

_STREAMS = ("text/event-stream", "application/x-ndjson")
_PACKED = ("gzip", "x-gzip")
_GZIP = zlib.MAX_WBITS | 16
_OVERLAP = 64
_REFUSAL = b'"refusal"'
UNREADABLE = 422
"""The status after which LiteLLM asks an `openai/` server once more, and forgets what was said."""
_MOST_SAID = 4096
_DETAILS = b'"reasoning_details"'
_DELAY = re.compile(rb'"retryDelay"\s*:\s*"(\d+(?:\.\d+)?)s"')
"""Where Gemini says how long to wait (google.rpc.RetryInfo); it sends no Retry-After."""


class Witness:
    """Sees the last response of one attempt: status, media type, when to come again, and whether it was ended."""

    def __init__(self) -> None:
        """Have seen nothing."""
        self.status = 0
        self.media = ""
        self.retry_after: float | None = None
        self.refusal = ""
        self.details: list[dict[str, Any]] = []
        self._ended = False
        self._endings: set[str] = set()
        self._tail = b""
        self._said = b""

    @property
    def said(self) -> str:
        """Give what came with a status of UNREADABLE."""
        return self._said.decode("utf-8", "replace")

    @property
    def is_page(self) -> bool:
        """Say whether it is a web page."""
        return self.media == "text/html"

    @property
    def ended(self) -> bool:
        """Say whether the provider's last words came."""
        return self._ended and not self._endings & BROKEN

    @property
    def is_cut_off(self) -> bool:
        """Say whether these were that the answer does not end with them."""
        return bool(self._endings & CUT_OFF)

    def see(self, response: httpx.Response) -> None:
        """Look at the head, and from now on at each piece of the body."""
        self.status, self._ended, self._endings, self._tail = response.status_code, False, set(), b""
        self._said, self.details = b"", []
        self.media = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        wait = _seconds(response.headers.get("retry-after", ""))
        self.retry_after = self.retry_after if wait is None else wait
        stream = response.stream
        if isinstance(stream, httpx.AsyncByteStream):
            # It was asked for plainly, but some servers pack whatever they send.
            packed = response.headers.get("content-encoding", "").lower() in _PACKED
            if packed:
                del response.headers["content-encoding"]
            response.stream = _Witnessed(stream, self, packed=packed, in_lines=self.media in _STREAMS)

    def hear(self, lines: bytes) -> None:
        """Look at whole lines of a stream."""
        for line in lines.splitlines():
            endings = endings_in(line)
            self._endings |= endings
            self._ended = self._ended or bool(endings)
            if _REFUSAL in line:
                self._take_refusal(content_of(line))
            if _DETAILS in line:
                self._take_details(content_of(line))

    def hear_part(self, piece: bytes) -> None:
        """Look at a piece of something that does not come in lines: a whole answer, or an error."""
        if self.status == UNREADABLE:
            self._said = (self._said + piece)[:_MOST_SAID]
        seen = self._tail + piece
        self._ended = self._ended or LOOKS.search(seen) is not None
        if self.retry_after is None and (delay := _DELAY.search(seen)):
            self.retry_after = float(delay[1])
        self._tail = seen[-_OVERLAP:]

    def _take_refusal(self, line: bytes) -> None:
        """Keep the words of a refusal, which LiteLLM drops (OpenAI, chat completions: `delta.refusal`)."""
        with suppress(ValueError, AttributeError, TypeError, RecursionError):
            choices: list[dict[str, Any]] = json.loads(line).get("choices") or []
            self.refusal += "".join(choice["delta"].get("refusal") or "" for choice in choices if choice.get("delta"))

    def _take_details(self, line: bytes) -> None:
        """Keep sealed thoughts (OpenRouter, `delta.reasoning_details`): LiteLLM drops those that show no words."""
        with suppress(ValueError, AttributeError, TypeError, RecursionError):
            choices: list[dict[str, Any]] = json.loads(line).get("choices") or []
            for choice in choices:
                for piece in (choice.get("delta") or {}).get("reasoning_details") or ():
                    add_detail(self.details, dict(piece))


def _seconds(retry_after: str) -> float | None:
    """Give the seconds of a Retry-After: a number, or a date (RFC 9110, 10.2.3)."""
    with suppress(ValueError):
        return max(0.0, float(retry_after))
    with suppress(ValueError):
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    return None


class _Witnessed(httpx.AsyncByteStream):
    def __init__(self, stream: httpx.AsyncByteStream, witness: Witness, *, packed: bool, in_lines: bool) -> None:
        self._stream = stream
        self._witness = witness
        self._unpacked: Callable[[bytes], bytes] = zlib.decompressobj(_GZIP).decompress if packed else bytes
        self._comes_in_lines = in_lines

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._in_lines() if self._comes_in_lines else self._as_it_comes()

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def _as_it_comes(self) -> AsyncIterator[bytes]:
        async for packed in self._stream:
            piece = self._unpacked(packed)
            self._witness.hear_part(piece)
            yield piece

    async def _in_lines(self) -> AsyncIterator[bytes]:
        lines = Lines()
        async for piece in self._stream:
            whole = lines.add(self._unpacked(piece))
            if whole:
                self._witness.hear(whole)
                yield rewritten(whole)
        if rest := lines.rest():
            self._witness.hear(rest)
            yield rewritten(rest)
