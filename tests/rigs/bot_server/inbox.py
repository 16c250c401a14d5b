"""Bytes of a connection, put together to requests (RFC 9112)."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.rigs.model_server.http11 import MalformedError, read_head

_MOST_HEAD = 64 << 10


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request; header names are in lower case."""

    method: str
    target: str
    version: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def keeps(self) -> bool:
        """Say whether the connection stays."""
        return self.version == "HTTP/1.1" and self.headers.get("connection", "").lower() != "close"


class Inbox:
    """Takes pieces and gives requests; each byte is looked at once, so that long uploads do not take long."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._bytes = bytearray()
        self._head: tuple[str, str, str, dict[str, str]] | None = None
        self._body = bytearray()
        self.awaits_leave = False

    def feed(self, data: bytes) -> None:
        """Take what came."""
        self._bytes += data

    def take(self) -> HttpRequest | None:
        """Give the next request, None while it is not complete; raises MalformedError."""
        if self._head is None and not self._take_head():
            return None
        assert self._head is not None
        method, target, version, headers = self._head
        chunked = "chunked" in headers.get("transfer-encoding", "").lower()
        if not (self._take_chunks() if chunked else self._take_length(int(headers.get("content-length", "0")))):
            return None
        request = HttpRequest(method, target, version, headers, bytes(self._body))
        self._head, self._body = None, bytearray()
        return request

    def _take_head(self) -> bool:
        end = self._bytes.find(b"\r\n\r\n")
        if end < 0:
            if len(self._bytes) > _MOST_HEAD:
                raise MalformedError("a head without an end")
            return False
        self._head = read_head(bytes(self._bytes[: end + 4]))
        del self._bytes[: end + 4]
        self.awaits_leave = self._head[3].get("expect", "").lower() == "100-continue"
        return True

    def _take_length(self, length: int) -> bool:
        if len(self._bytes) < length:
            return False
        self._body = self._bytes[:length]
        del self._bytes[:length]
        return True

    def _take_chunks(self) -> bool:
        while (end := self._bytes.find(b"\r\n")) >= 0:
            try:
                size = int(self._bytes[:end].partition(b";")[0], 16)
            except ValueError as problem:
                raise MalformedError("not the size of a chunk") from problem
            if len(self._bytes) < end + 2 + size + 2:
                return False
            self._body += self._bytes[end + 2 : end + 2 + size]
            del self._bytes[: end + 2 + size + 2]
            if size == 0:
                return True
        return False
