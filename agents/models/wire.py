"""What the agent and its model process say to each other: four bytes of length, then JSON.

Operations, each with an `id`: `configure` (once, first), `describe`, `ask`, `price speech`, `transcribe`, `cancel`.
What comes back with the same `id`: `text` for each piece of an answer, then one of `done` and `failed`.
"""

import json
import struct
from asyncio import IncompleteReadError, StreamReader
from collections.abc import AsyncIterator, Mapping
from typing import Any

_LENGTH = struct.Struct(">I")
_MOST = 256 * 1024 * 1024


def frame(value: Mapping[str, Any]) -> bytes:
    """Write one message; half a character of UTF-16 survives it as such."""
    body = json.dumps(value, separators=(",", ":")).encode("ascii")
    return _LENGTH.pack(len(body)) + body


async def frames(reader: StreamReader) -> AsyncIterator[dict[str, Any]]:
    """Give the messages until the other side is gone; raises ValueError for what is none."""
    while True:
        try:
            (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
            if length > _MOST:
                raise ValueError(f"a message of {length} bytes between the agent and its model process")
            yield json.loads(await reader.readexactly(length))
        except (IncompleteReadError, ConnectionError):
            return
