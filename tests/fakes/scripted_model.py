"""A model that says what the goal tells it to: its replies depend on nothing but the messages that it gets."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from daemon.domain.call import ToolCall
from daemon.domain.limits import Usage
from daemon.domain.model import ModelReply, ModelRequest
from tests.fakes.count_tool import Caller

Round = Sequence[tuple[str, Mapping[str, Any]]]
"""The calls of one reply: tool and arguments."""


def goal_of(token: str, rounds: Sequence[Round], title: str = "") -> str:
    """Write a goal that makes the model answer so, reply by reply; `token` names the run to the counting server."""
    script = {"token": token, "rounds": [[[tool, dict(arguments)] for tool, arguments in calls] for calls in rounds]}
    return f"{title or token}\n{json.dumps(script)}"


class ScriptedModel:
    """The port `Model`.

    Each request sets `reserve` aside and takes between half of it and all of it, by the messages; the counting server
    adds up what was really charged, under `model/TOKEN`. Micro-dollars.
    """

    def __init__(self, url: str, reserve: int = 0, tokens: int = 100) -> None:
        """Charge at the counting server at `url`."""
        self._caller = Caller(url)
        self._reserve = reserve
        self._tokens = tokens

    async def price(self, request: ModelRequest) -> Usage:
        """Reserve what it was built with."""
        del request
        return Usage(tokens=self._tokens, money=self._reserve)

    async def room(self, tier: str, *, private: bool) -> int:
        """Read whatever there is."""
        del tier, private
        return 1_000_000

    async def close(self) -> None:
        """Hold nothing."""

    async def complete(
        self, request: ModelRequest, most: Usage, on_text: Callable[[str], None] | None = None
    ) -> ModelReply:
        """Give the reply that the script has for these messages; after the last one only words."""
        # Before the goal stands what every model is told: the date, and what was given.
        opening = str(request.messages[1]["content"])
        script = json.loads(opening[opening.index('{"token"') :])
        position = sum(message["role"] == "assistant" for message in request.messages)
        rounds = script["rounds"]
        calls = rounds[position] if position < len(rounds) else []
        cost = self._cost(request)
        await asyncio.to_thread(self._caller.count, f"model/{script['token']}", cost)
        return ModelReply(
            f"reply {position}",
            tuple(ToolCall(f"call-{number}", tool, arguments) for number, (tool, arguments) in enumerate(calls)),
            model="scripted",
            usage=Usage(tokens=self._tokens // 2, money=cost),
        )

    def _cost(self, request: ModelRequest) -> int:
        """Take between a half and the whole of what is reserved."""
        text = json.dumps([dict(message) for message in request.messages], sort_keys=True)
        share = hashlib.sha256(text.encode()).digest()[0] / 255
        return round(self._reserve * (0.5 + 0.5 * share))
