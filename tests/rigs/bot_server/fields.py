"""The parameters of a request, however they came: in the address, as a form, as JSON, in parts."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from tests.rigs.bot_server.multipart import parts
from tests.rigs.bot_server.refusal import Refused
from tests.rigs.bot_server.upload import Upload

_NUMBER = re.compile(r"\s*([+-]?\d+)")


class Fields(Mapping[str, str]):
    """Text by name, as the API itself takes them all, and files; it knows which of them nobody looked at."""

    def __init__(self, values: Mapping[str, str], uploads: Mapping[str, Upload] | None = None) -> None:
        """Take what came."""
        self._values = dict(values)
        self.uploads = dict(uploads or {})
        self._read: set[str] = set()

    def __getitem__(self, name: str) -> str:
        """Give a value and know that it was looked at."""
        self._read.add(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        """Give the names."""
        return iter(self._values)

    def __len__(self) -> int:
        """Count them."""
        return len(self._values)

    def peek(self, name: str) -> str:
        """Give a value without looking at it."""
        return self._values[name]

    @property
    def unread(self) -> set[str]:
        """Give the names of what the server did not look at, so which it does not know of."""
        return set(self._values) - self._read

    def text(self, name: str) -> str:
        """Give a text; empty where it is not there."""
        return self[name] if name in self._values else ""

    def integer(self, name: str, default: int = 0, least: int | None = None, most: int | None = None) -> int:
        """Give a number, moved into its range; the default where there is none."""
        found = _NUMBER.match(self.text(name))
        number = int(found[1]) if found else default
        number = number if least is None else max(least, number)
        return number if most is None else min(most, number)

    def flag(self, name: str) -> bool:
        """Give a truth."""
        return self.text(name).lower() in {"true", "yes", "1"}

    def decoded(self, name: str, what: str) -> Any:
        """Give a value that is JSON, None where it is not there; raises Refused, which names `what` it should be."""
        given = self.text(name)
        if not given:
            return None
        try:
            return json.loads(given)
        except ValueError as problem:
            raise Refused(f"can't parse {what} JSON object") from problem


def read_fields(query: str, media: str, body: bytes) -> Fields:
    """Read all that a request gives; raises Refused."""
    values = dict(parse_qsl(query, keep_blank_values=True))
    uploads: dict[str, Upload] = {}
    kind = media.lower().partition(";")[0].strip()
    if kind == "application/x-www-form-urlencoded":
        values |= dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    elif kind == "application/json" and body:
        values |= _from_json(body)
    elif kind == "multipart/form-data":
        for part in parts(body, media):
            if part.filename is None:
                values[part.name] = part.content.decode("utf-8", "replace")
            else:
                uploads[part.name] = Upload(part.filename, part.media, part.content)
    return Fields(values, uploads)


def _from_json(body: bytes) -> dict[str, str]:
    try:
        given = json.loads(body)
    except ValueError as problem:
        raise Refused("can't parse request body: invalid JSON") from problem
    if not isinstance(given, dict):
        raise Refused("can't parse request body: JSON object expected")
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in given.items()
        if value is not None
    }
