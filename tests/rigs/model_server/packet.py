"""An answer as it goes on the wire."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tests.rigs.model_server.answer import Raw
from tests.rigs.model_server.http11 import compressed
from tests.rigs.model_server.request import Request
from tests.rigs.model_server.transit import STRAIGHT, Transit


@dataclass(frozen=True, slots=True)
class Packet:
    """Status, headers and body; `streamed` where the length of the body is not known beforehand."""

    status: int
    media: str
    body: Iterable[bytes]
    streamed: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    transit: Transit = STRAIGHT

    @classmethod
    def of(cls, raw: Raw) -> "Packet":
        """Wrap a body that is there already."""
        return cls(raw.status, raw.media, (raw.body,), headers=raw.headers, transit=raw.transit)

    def prepared(self, request: Request) -> tuple[dict[str, str], Iterator[bytes]]:
        """Give the headers and the pieces for a client."""
        headers = {"content-type": self.media, **self.headers}
        body = self.transit.dressed(self.body) if self.media.startswith("text/event-stream") else self.body
        if self.transit.gzip and "gzip" in request.headers.get("accept-encoding", ""):
            headers["content-encoding"] = "gzip"
            body = compressed(body)
        if not self.streamed:
            whole = b"".join(body)
            headers["content-length"] = str(len(whole))
            body = (whole,)
        elif request.version == "HTTP/1.0":
            headers["connection"] = "close"
        else:
            headers["transfer-encoding"] = "chunked"
        return headers, self.transit.cut(body)
