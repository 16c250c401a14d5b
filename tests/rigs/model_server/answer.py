"""What a story answers: facts that are the same for every form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.rigs.model_server.transit import STRAIGHT, Transit
from tests.rigs.model_server.usage import Usage


@dataclass(frozen=True, slots=True)
class Text:
    """Words of the answer; with `endless` they come again and again and never end (in a stream)."""

    text: str
    endless: bool = False


@dataclass(frozen=True, slots=True)
class Thought:
    """What the model thinks before it answers; `signature` is the provider's seal on it."""

    text: str
    signature: str = ""


@dataclass(frozen=True, slots=True)
class HiddenThought:
    """A thought of which the provider shows only sealed bytes."""

    data: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call that the model wants made.

    `arguments` given as text go out as they are, so they need not be JSON where the form sends text. `index` overrules
    the position that the form gives the call, `id` the id; `signature` is the seal of the thought behind it (Gemini).
    """

    name: str
    arguments: Mapping[str, Any] | str = field(default_factory=dict)
    id: str = ""
    index: int | None = None
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Executed:
    """A web search that the provider made on its own side; `results` are pairs of title and address."""

    query: str
    results: Sequence[tuple[str, str]] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The model or its provider will not answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Blank:
    """A piece of a stream that says nothing: no choices, no candidates, a ping."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """An error in the middle of an answer whose status was 200; nothing follows it."""

    status: int = 500
    message: str = "The server had an error while processing the request."


Part = Text | Thought | HiddenThought | Call | Executed | Refusal | Blank | Trouble


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the model.

    `token` is how many characters a piece of text has (0: a word). `finish` is one of stop, length, tool_calls,
    content_filter, which every form says in its own word; any other word goes out as it is, and without one it follows
    from the parts. Without a usage one is estimated. With `interleaved` the pieces of parallel calls alternate.
    """

    parts: Sequence[Part] = ()
    usage: Usage | None = None
    finish: str = ""
    token: int = 0
    interleaved: bool = False
    transit: Transit = STRAIGHT


@dataclass(frozen=True, slots=True)
class Failure:
    """An error in the provider's own shape.

    Without a message, kind or code the form gives those that the provider gives with this status. `retry_after` is in
    seconds, or a date as RFC 9110 writes it.
    """

    status: int
    message: str = ""
    kind: str = ""
    code: str = ""
    retry_after: float | str | None = None
    transit: Transit = STRAIGHT


@dataclass(frozen=True, slots=True)
class TooLong:
    """The request has more tokens than the model's window."""

    tokens: int = 9_412
    window: int = 8_192
    transit: Transit = STRAIGHT


@dataclass(frozen=True, slots=True)
class Raw:
    """Anything else: these bytes with this status."""

    body: bytes
    status: int = 200
    media: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    transit: Transit = STRAIGHT


Answer = Reply | Failure | TooLong | Raw


def page(status: int = 200, title: str = "Sign in") -> Raw:
    """Give a web page where JSON is expected: a router's sign-in, a proxy's error."""
    body = f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
    return Raw(body.encode(), status, "text/html; charset=utf-8")


def redirect(to: str, status: int = 307) -> Raw:
    """Send the client to another address; 307 and 308 make it send its body there (RFC 9110, 15.4)."""
    return Raw(b"", status, "text/plain", {"location": to})


def garbled(status: int = 200) -> Raw:
    """Give JSON that ends too early."""
    return Raw(b'{"id": "broken", "choices": [{"index": 0, "message": {"role": "assis', status)
