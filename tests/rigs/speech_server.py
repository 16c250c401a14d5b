"""A server on loopback that writes down speech as OpenAI does (API reference, "Create transcription")."""

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

_PATH = "/v1/audio/transcriptions"


@dataclass(frozen=True, slots=True)
class Sound:
    """What a request brought: the model, the file's name and bytes, and the key."""

    model: str
    name: str
    data: bytes
    key: str


@dataclass(slots=True)
class SpeechServer:
    """Says what `story` has, in order: a text that was heard, or a status of an error; the last one for ever."""

    story: Sequence[str | int]
    sounds: list[Sound] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        """Take connections."""
        handler = type("Handler", (_Handler,), {"speech": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Give what a client takes as its base address."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def told(self) -> str | int:
        """Give what is said to the newest request."""
        return self.story[min(len(self.sounds), len(self.story)) - 1]


class _Handler(BaseHTTPRequestHandler):
    speech: SpeechServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Take a recording."""
        fields = self._fields()
        if self.path != _PATH or "file" not in fields or "model" not in fields:
            self._answer(400, {"error": {"message": "a file and a model are wanted", "type": "invalid_request_error"}})
            return
        name, data = fields["file"]
        key = self.headers.get("authorization", "").removeprefix("Bearer ")
        self.speech.sounds.append(Sound(fields["model"][1].decode(), name, data, key))
        told = self.speech.told()
        if isinstance(told, int):
            self._answer(told, {"error": {"message": "not now", "type": "server_error"}})
        elif fields.get("response_format", ("", b""))[1] == b"verbose_json":
            self._answer(200, {"task": "transcribe", "language": "english", "duration": 3.0, "text": told})
        else:
            self._answer(200, {"text": told})

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _fields(self) -> dict[str, tuple[str, bytes]]:
        """Give the fields of a form by name: the file's name, and the bytes (RFC 7578)."""
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        head = f"content-type: {self.headers.get('content-type', '')}\r\n\r\n".encode()
        found = {}
        for part in message_from_bytes(head + body, policy=HTTP).walk():
            name = part.get_param("name", header="content-disposition")
            if name:
                found[str(name)] = (part.get_filename() or "", bytes(part.get_payload(decode=True) or b""))
        return found

    def _answer(self, status: int, told: dict[str, Any]) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
