"""The one way out of the model process: every HTTP request passes here and is looked at (M2).

LiteLLM and the clients of the providers all send by httpx. A request is sent only on behalf of an attempt that was
given a `Pass`, and only to where that leads; also when an answer leads elsewhere (a redirect), and whatever the
libraries would like to fetch for themselves.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import httpx

from agents.models.child.witness import UNREADABLE, Witness


@dataclass(slots=True)
class Pass:
    """Where one attempt may go.

    `origins` are scheme, host and port; where there are none it is the provider's own address, which LiteLLM knows:
    the first one that is asked for over TLS. `connect` is for how many seconds a connection may take. `witness` sees
    what comes back. `unreadable` is the last body that a server could not read.
    """

    origins: frozenset[str] = frozenset()
    connect: float = 10.0
    witness: Witness = field(default_factory=Witness)
    first: list[str] = field(default_factory=list)
    unreadable: bytes | None = None


class NotAdmittedError(httpx.TransportError):
    """A request to where this attempt must not go; nothing was sent."""


class RepeatedError(httpx.TransportError):
    """A request that the server just said it cannot read; it was not sent again."""


_PASS: ContextVar[Pass | None] = ContextVar("pass", default=None)


@contextmanager
def admitted(ticket: Pass) -> Iterator[None]:
    """Let requests that are made within the block go where the pass leads."""
    token = _PASS.set(ticket)
    try:
        yield
    finally:
        _PASS.reset(token)


def origin_of(url: str | httpx.URL) -> str:
    """Give scheme, host and port of an address, the port also where it is the usual one."""
    url = httpx.URL(url)
    port = url.port or {"http": 80, "https": 443}.get(url.scheme, 0)
    return f"{url.scheme}://{url.host}:{port}"


def admit(url: httpx.URL) -> Pass:
    """Give the pass for an address; raises NotAdmittedError."""
    ticket, origin = _PASS.get(), origin_of(url)
    if ticket is None:
        raise NotAdmittedError(f"a request to {origin} that no task made")
    if not ticket.origins:
        if url.scheme != "https":
            raise NotAdmittedError(f"a request to {origin} without TLS")
        ticket.first.append(origin)
    allowed = ticket.origins or frozenset(ticket.first[:1])
    if origin not in allowed:
        raise NotAdmittedError(f"it led on to {origin}, where this must not go")
    return ticket


def guard() -> None:
    """Put the door in the way of httpx, once for this process."""
    through = httpx.AsyncHTTPTransport.handle_async_request

    async def handle(transport: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        ticket = admit(request.url)
        waits = dict(request.extensions.get("timeout") or {})
        request.extensions = {**request.extensions, "timeout": {**waits, "connect": ticket.connect}}
        # What is packed cannot be looked at.
        request.headers["accept-encoding"] = "identity"
        body = await request.aread()
        # After a 422 LiteLLM leaves out what the server named and asks again, also where it named nothing.
        if body == ticket.unreadable:
            raise RepeatedError("the server cannot read this request")
        response = await through(transport, request)
        ticket.unreadable = body if response.status_code == UNREADABLE else None
        ticket.witness.see(response)
        return response

    def refuse(transport: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        del transport
        raise NotAdmittedError(f"a request to {origin_of(request.url)} that no task made")

    httpx.AsyncHTTPTransport.handle_async_request = handle  # type: ignore[method-assign, assignment]
    httpx.HTTPTransport.handle_request = refuse  # type: ignore[method-assign, assignment]
