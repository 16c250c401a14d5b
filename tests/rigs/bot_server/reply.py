"""An answer as it goes on the wire."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.rigs.model_server.http11 import head_bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, headers and body. With `cut` the connection is reset after so many bytes of it."""

    status: int = 200
    media: str = "application/json"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None

    @classmethod
    def of(cls, told: Mapping[str, Any], status: int = 200) -> "Reply":
        """Answer in JSON, with the header that asks for patience where it does."""
        wait = told.get("parameters", {}).get("retry_after")
        headers = {"retry-after": str(wait)} if wait else {}
        return cls(status, body=json.dumps(told, ensure_ascii=False).encode(), headers=headers)

    def bytes(self, *, keeps: bool) -> bytes:
        """Give all of it, head and body."""
        ends = {} if keeps else {"connection": "close"}
        headers = {"content-type": self.media, "content-length": str(len(self.body)), **self.headers, **ends}
        return head_bytes(self.status, headers) + self.body


RESET = Reply(cut=0)
"""No answer: the connection is reset."""
