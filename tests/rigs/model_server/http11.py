"""As much of HTTP/1.1 as clients of models need (RFC 9112)."""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from email.utils import formatdate
from http import HTTPStatus

_REASONS = {529: "Site is overloaded"}


class MalformedError(Exception):
    """A client sent something that is not HTTP/1.1."""


def read_head(head: bytes) -> tuple[str, str, str, dict[str, str]]:
    """Give method, target, version and headers (names in lower case); raises MalformedError."""
    first, *lines = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    try:
        method, target, version = first.split(" ")
        named = [line.split(":", 1) for line in lines]
        return method, target, version, {name.lower(): value.strip() for name, value in named}
    except ValueError as problem:
        raise MalformedError(f"not the head of a request: {head[:200]!r}") from problem


def take_body(received: bytearray, headers: Mapping[str, str]) -> tuple[bytes, int] | None:
    """Give the body that `received` begins with and its length on the wire; None while it is not complete."""
    if "chunked" in headers.get("transfer-encoding", "").lower():
        return _take_chunks(received)
    length = int(headers.get("content-length", "0"))
    return (bytes(received[:length]), length) if len(received) >= length else None


def _take_chunks(received: bytearray) -> tuple[bytes, int] | None:
    body, at = b"", 0
    while (end := received.find(b"\r\n", at)) >= 0:
        size = int(received[at:end].partition(b";")[0], 16)
        start, at = end + 2, end + 2 + size + 2
        if len(received) < at:
            return None
        if size == 0:
            return body, at
        body += received[start : start + size]
    return None


def head_bytes(status: int, headers: Mapping[str, str]) -> bytes:
    """Write the head of an answer."""
    reason = _REASONS.get(status) or HTTPStatus(status).phrase
    lines = [f"HTTP/1.1 {status} {reason}", f"date: {formatdate(usegmt=True)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def chunk(piece: bytes) -> bytes:
    """Write one chunk of a chunked body."""
    return f"{len(piece):x}\r\n".encode() + piece + b"\r\n"


LAST_CHUNK = b"0\r\n\r\n"


def compressed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Compress by gzip so that each piece can be read as soon as it arrives."""
    squeeze = zlib.compressobj(wbits=31)
    for piece in pieces:
        yield squeeze.compress(piece) + squeeze.flush(zlib.Z_SYNC_FLUSH)
    yield squeeze.flush()
