"""JSON and event streams as bytes, and texts in pieces."""

import json
import re
from collections.abc import Iterator
from typing import Any


def json_bytes(value: Any) -> bytes:
    """Write JSON in UTF-8; half characters, which UTF-8 has not, make it write escapes."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def data_event(value: Any) -> bytes:
    """Write an event that has data alone (HTML Standard, "Server-sent events")."""
    return b"data: " + json_bytes(value) + b"\n\n"


def named_event(name: str, value: Any) -> bytes:
    """Write an event with its name."""
    return f"event: {name}\n".encode() + data_event(value)


def pieces_of(text: str, size: int = 0) -> list[str]:
    """Cut a text into pieces of `size` characters; 0: into words, each with the space before it."""
    if size:
        return [text[at : at + size] for at in range(0, len(text), size)]
    return re.findall(r"\s*\S+|\s+$", text)


def spoken(text: str, size: int, *, endless: bool) -> Iterator[str]:
    """Give the pieces of a text, again and again where it is endless."""
    pieces = pieces_of(text, size)
    yield from pieces
    while endless and pieces:
        yield from pieces
