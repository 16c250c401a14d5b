"""A tool with an effect outside that can be counted: it calls the counting server."""

import asyncio
import http.client
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from agents.tools.builtin import strings
from daemon.domain.call import Happened, Outcome
from daemon.domain.effect import Effect
from daemon.domain.limits import Usage
from daemon.domain.ports import Circumstances


class Caller:
    """Calls the counting server, one connection for each request."""

    def __init__(self, url: str, seconds: float = 30.0) -> None:
        """Call the server at `url` and wait at most `seconds` for each answer."""
        self._host = urlsplit(url).netloc
        self._seconds = seconds

    def count(self, key: str, amount: int = 0) -> int:
        """Count one effect; gives the count. Raises OSError or HTTPException where no answer came."""
        return int(self._ask("POST", f"/effect/{quote(key)}?amount={amount}")["count"])

    def counted(self, key: str) -> int | None:
        """Ask for a count; None where nobody can tell."""
        try:
            answer = self._ask("GET", f"/effect/{quote(key)}")
        except (OSError, http.client.HTTPException):
            return None
        return int(answer["count"]) if "count" in answer else None

    def _ask(self, method: str, path: str) -> Any:
        connection = http.client.HTTPConnection(self._host, timeout=self._seconds)
        try:
            connection.request(method, path)
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()


class CountTool:
    """Counts one effect of a key; `send` or `change`, by what it is built with.

    `reserve` is what a call sets aside, `cost` what it really takes; both in micro-dollars, and the server adds the
    cost up. Its target is the key, so that a goal that holds the key spells it out.
    """

    aliases: tuple[str, ...] = ()
    content: tuple[str, ...] = ()
    schema: Mapping[str, Any] = strings(key="What to count")

    def __init__(
        self,
        url: str,
        name: str = "count",
        effect: Effect = Effect.SEND,
        *,
        reserve: int = 0,
        cost: int = 0,
        seconds: float = 30.0,
    ) -> None:
        """Call the server at `url`."""
        self.name = name
        self.description = f"Count one effect ({effect})."
        self._effect = effect
        self._caller = Caller(url, seconds)
        self._reserve = reserve
        self._cost = cost

    def effect(self, arguments: Mapping[str, Any]) -> Effect:
        """Give the effect class that it was built with."""
        del arguments
        return self._effect

    def price(self, arguments: Mapping[str, Any]) -> Usage:
        """Reserve what it was built with."""
        del arguments
        return Usage(money=self._reserve)

    def targets(self, arguments: Mapping[str, Any]) -> tuple[str, ...]:
        """Reach the key."""
        return (str(arguments["key"]),)

    async def invoke(self, arguments: Mapping[str, Any], at: Circumstances) -> Outcome:
        """Count."""
        del at
        count = await asyncio.to_thread(self._caller.count, arguments["key"], self._cost)
        return Outcome(f"counted, now {count}", usage=Usage(money=self._cost))

    async def check(self, arguments: Mapping[str, Any], at: Circumstances) -> Happened:
        """Ask the server."""
        del at
        count = await asyncio.to_thread(self._caller.counted, arguments["key"])
        if count is None:
            return Happened.CANNOT_TELL
        return Happened.DONE if count else Happened.NOT_DONE
