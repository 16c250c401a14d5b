"""A client of the Bot API without any comfort, for tests that want to see what comes over the wire."""

import http.client
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Told:
    """An answer that was read to its end."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        """Read it."""
        return json.loads(self.content)

    @property
    def words(self) -> str:
        """Give the description of a refusal."""
        return str(self.json["description"])


class PlainClient:
    """Asks one thing after the other over one connection, and never again by itself."""

    def __init__(self, url: str, token: str) -> None:
        """Ask the server at this address."""
        self._token = token
        self._address = urlsplit(url).netloc
        self._connection = http.client.HTTPConnection(self._address, timeout=30)

    def __enter__(self) -> Self:
        """Give it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up."""
        self._connection.close()

    def ask(self, method: str, files: Mapping[str, tuple[str, bytes]] | None = None, **fields: Any) -> Told:
        """Ask for a method, by JSON, or in parts where there are files."""
        path = f"/bot{self._token}/{method}"
        if files is None:
            return self._asked("POST", path, json.dumps(fields).encode(), "application/json")
        boundary = uuid.uuid4().hex
        body = b"".join(_part(boundary, f'name="{name}"', _text(value)) for name, value in fields.items())
        for name, (filename, content) in files.items():
            body += _part(boundary, f'name="{name}"; filename="{filename}"', content)
        return self._asked(
            "POST", path, body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
        )

    def result(self, method: str, files: Mapping[str, tuple[str, bytes]] | None = None, **fields: Any) -> Any:
        """Ask and give the result; raises AssertionError where it was refused."""
        told = self.ask(method, files, **fields)
        assert told.status == 200, told.words
        return told.json["result"]

    def refusal(self, method: str, files: Mapping[str, tuple[str, bytes]] | None = None, **fields: Any) -> str:
        """Ask and give the words of the refusal; raises AssertionError where it was not refused."""
        told = self.ask(method, files, **fields)
        assert told.status != 200, told.json
        return told.words

    def fetch(self, path: str) -> Told:
        """Fetch a file."""
        return self._asked("GET", f"/file/bot{self._token}/{path}", b"", "")

    def _asked(self, verb: str, path: str, body: bytes, media: str) -> Told:
        try:
            self._connection.request(verb, path, body, {"content-type": media} if media else {})
            response = self._connection.getresponse()
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Told(response.status, headers, response.read())
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise


def _text(value: Any) -> bytes:
    return (value if isinstance(value, str) else json.dumps(value)).encode()


def _part(boundary: str, named: str, content: bytes) -> bytes:
    return f"--{boundary}\r\ncontent-disposition: form-data; {named}\r\n\r\n".encode() + content + b"\r\n"
