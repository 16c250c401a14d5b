"""What a wire protocol has to say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tests.rigs.model_server.answer import Answer, Failure, Raw, Reply, TooLong
from tests.rigs.model_server.request import Asked, Request
from tests.rigs.model_server.usage import Usage


@dataclass(frozen=True, slots=True)
class House:
    """What the server is said to have: models, the key it wants ("": any), the window of its models in tokens."""

    models: Sequence[str]
    key: str
    window: int


@dataclass(frozen=True, slots=True)
class Bill:
    """What one answer takes: tokens, and dollars where the model has a price."""

    usage: Usage
    cost: float


class Form(Protocol):
    """A wire protocol.

    `base` is the path that a client takes as its base address, `media` the media type of a stream.
    """

    @property
    def name(self) -> str:
        """Give the name of who speaks it."""

    @property
    def base(self) -> str:
        """Give the path of a client's base address."""

    @property
    def media(self) -> str:
        """Give the media type of a stream."""

    def key(self, request: Request) -> str:
        """Give the key that a request shows."""

    def is_call(self, request: Request) -> bool:
        """Say whether a request asks a model."""

    def asked(self, request: Request, body: Mapping[str, Any], number: int) -> Asked:
        """Read a request that asks a model."""

    def objection(self, asked: Asked) -> str:
        """Say what the provider would not accept in a request; "" where it would."""

    def elsewhere(self, request: Request, house: House) -> Answer:
        """Answer a request that asks no model: lists of models, embeddings, and paths that are not there."""

    def whole(self, asked: Asked, reply: Reply, bill: Bill) -> Raw:
        """Give an answer in one piece."""

    def events(self, asked: Asked, reply: Reply, bill: Bill) -> Iterator[bytes]:
        """Give an answer as the events of a stream."""

    def failure(self, failure: Failure, number: int) -> Raw:
        """Give an error; `number` is that of the request."""

    def wrong_key(self) -> Failure:
        """Say that the key is not right."""

    def no_such_model(self, model: str) -> Failure:
        """Say that there is no such model."""

    def too_long(self, fact: TooLong) -> Failure:
        """Say that the request is too long for the model."""
