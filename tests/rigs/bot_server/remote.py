"""A server in a process of its own, as a test in another one lets it do things."""

import base64
import http.client
import json
from typing import Any, Self
from urllib.parse import urlsplit


class Remote:
    """Speaks to /control of a server. Its one connection stays, also while the port is closed to all others."""

    def __init__(self, url: str) -> None:
        """Speak to the server at this address."""
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)

    def __enter__(self) -> Self:
        """Give it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up."""
        self._connection.close()

    def do(self, name: str, /, **given: Any) -> Any:
        """Let it do something and give the result; raises ValueError where it cannot."""
        body = json.dumps({"do": name} | given, default=_bytes)
        self._connection.request("POST", "/control", body, {"content-type": "application/json"})
        told = json.loads(self._connection.getresponse().read())
        if not told["ok"]:
            raise ValueError(told["description"])
        return told["result"]


def _bytes(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    raise TypeError(f"{type(value).__name__} is not told in JSON")
