"""What can go wrong with a request."""

import asyncio
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal

from tests.rigs.bot_server.refusal import Refused, too_many
from tests.rigs.bot_server.reply import RESET, Reply

When = Literal["before", "after"]
"""Before the request has its effect, in place of it; or after it, in place of the answer."""
_PAGE = b"<html>\r\n<head><title>%d %s</title></head>\r\n<body>nginx</body>\r\n</html>\r\n"


@dataclass(frozen=True, slots=True)
class Failure:
    """A refusal in the form of the API, as of a request that may never be taken."""

    status: int = 429
    description: str = ""
    retry_after: int = 0
    when: When = "before"
    parameters: Mapping[str, Any] = field(default_factory=dict)

    async def instead(self, told: Reply | None) -> Reply | None:
        """Give the refusal."""
        wrong = Refused(self.description, self.status, **self.parameters)
        wrong = too_many(self.retry_after) if self.retry_after else wrong
        return Reply.of(wrong.json(), self.status)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the web server before the API, which is not JSON."""

    status: int = 502
    when: When = "before"

    async def instead(self, told: Reply | None) -> Reply | None:
        """Give the page."""
        return Reply(self.status, "text/html", _PAGE % (self.status, HTTPStatus(self.status).phrase.encode()))


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection is reset; where that is after the request was taken, after so many bytes of the answer."""

    when: When = "before"
    after_bytes: int = 0

    async def instead(self, told: Reply | None) -> Reply | None:
        """Give as much of the answer as still gets through."""
        return RESET if told is None else Reply(told.status, told.media, told.body, told.headers, cut=self.after_bytes)


@dataclass(slots=True)
class Hang:
    """Nothing is said, until it is released or the client leaves. `arrived` is set once a request hangs."""

    when: When = "before"
    arrived: threading.Event = field(default_factory=threading.Event)
    _released: bool = False
    _waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = field(default_factory=list)

    async def instead(self, told: Reply | None) -> Reply | None:
        """Wait, then let go on."""
        if not self._released:
            go = asyncio.Event()
            self._waiting.append((asyncio.get_running_loop(), go))
            self.arrived.set()
            await go.wait()
        return told

    def release(self) -> None:
        """Let the requests go on that hang, and those that come."""
        self._released = True
        for loop, go in self._waiting:
            loop.call_soon_threadsafe(go.set)


Fault = Failure | Page | Reset | Hang
"""Anything that goes wrong."""


@dataclass(slots=True)
class Rule:
    """Which requests have a fault: those of a method (all where it is empty) and of a chat (any where it is 0)."""

    fault: Fault
    method: str = ""
    chat: int = 0
    times: int = 1

    def fits(self, method: str, fields: Mapping[str, str]) -> bool:
        """Say whether a request has it."""
        here = not self.chat or fields.get("chat_id") == str(self.chat)
        return self.times > 0 and here and self.method.lower() in {"", method.lower()}


class Faults:
    """The faults that wait for their requests, the oldest first."""

    def __init__(self) -> None:
        """Begin with none."""
        self._rules: list[Rule] = []

    def add(self, rule: Rule) -> None:
        """Wait for requests."""
        self._rules.append(rule)

    def clear(self) -> None:
        """Forget all that still wait."""
        self._rules.clear()

    def take(self, method: str, fields: Mapping[str, str]) -> Fault | None:
        """Give the fault of a request."""
        for rule in self._rules:
            if rule.fits(method, fields):
                rule.times -= 1
                return rule.fault
        return None
