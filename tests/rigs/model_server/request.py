"""A request as it came, and what it asks of a model."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.rigs.model_server.usage import Usage

MODEL = "test-model"
"""The name of the one model that a server has unless it is told others."""


@dataclass(slots=True)
class Request:
    """One request, byte by byte, and what became of it.

    `arrived` is the monotonic time of its first byte. `answered` is set before the last byte of the answer is written,
    `closed_early` when the client left before that. `usage` and `cost` (dollars) are what its answer is billed for,
    from the moment the answer begins, whether or not anyone reads it.
    """

    number: int
    connection: int
    arrived: float
    method: str
    target: str
    version: str
    headers: Mapping[str, str]
    head: bytes
    body: bytes
    answered: bool = False
    closed_early: bool = False
    usage: Usage | None = None
    cost: float = 0.0

    @property
    def path(self) -> str:
        """Give the path without what follows a question mark."""
        return self.target.partition("?")[0]

    @property
    def size(self) -> int:
        """Give its bytes on the wire."""
        return len(self.head) + len(self.body)

    @property
    def json(self) -> Any:
        """Read the body; raises ValueError."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks of a model, in the same words for every form.

    `number` counts the requests that asked a model, from 1. `turn` is 1 more than the answers of the model that the
    conversation already holds, so a story that goes by it says the same after any restart. `last` is the text of the
    last message, or of the results in it.
    """

    number: int
    turn: int
    model: str
    last: str
    tools: Sequence[str]
    stream: bool
    body: Mapping[str, Any]
    request: Request
