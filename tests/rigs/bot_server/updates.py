"""The updates that wait for a bot, until it says by an offset that it has them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.rigs.bot_server.clock import Clock

KINDS = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "chat_member",
    "message_reaction",
    "stopped_message_generation",
)
"""The kinds that this server knows."""
ABSENT = (
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "guest_message",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "managed_bot",
    "subscription",
)
"""Those that a bot may ask for, but nobody here causes."""
UNASKED = frozenset(KINDS) - {"chat_member", "message_reaction"}
"""Those that a bot gets without asking for them."""
KEPT_SECONDS = 24 * 3600.0
_QUIET_SECONDS = 7 * 24 * 3600.0
_FAR = 10

Told = list[dict[str, Any]]
"""Updates as one answer tells them."""


@dataclass(slots=True)
class Update:
    """One that waits; it is told `again` so many times after it was confirmed."""

    id: int
    kind: str
    body: dict[str, Any]
    at: float
    again: int = 0

    def json(self) -> dict[str, Any]:
        """Give the Update of the API."""
        return {"update_id": self.id, self.kind: self.body}


@dataclass(slots=True)
class Updates:
    """A queue that only a confirmation makes shorter.

    `tamper` changes what the next answer with updates tells; what it leaves out still waits.
    """

    clock: Clock
    next_id: int = 700_000_001
    allowed: frozenset[str] = UNASKED
    waiting: list[Update] = field(default_factory=list)
    tamper: Callable[[Told], Told] | None = None
    last_at: float = 0.0
    _echoes: list[Update] = field(default_factory=list)
    _watchers: list[Callable[[], None]] = field(default_factory=list)

    def allow(self, kinds: Sequence[str]) -> None:
        """Make only these kinds from now on; all that come unasked where no known one is named."""
        self.allowed = frozenset(kind.lower() for kind in kinds) & frozenset([*KINDS, *ABSENT]) or UNASKED

    def add(self, kind: str, body: dict[str, Any]) -> None:
        """Make an update, where its kind is wanted."""
        now = self.clock.now()
        if self.last_at and now - self.last_at > _QUIET_SECONDS:
            # After a week of silence the API begins anew at any number.
            self.next_id = self.next_id * 7919 % 900_000_000 + 1_000_000
        self.last_at = now
        if kind in self.allowed:
            self.waiting.append(Update(self.next_id, kind, body, now))
            self.next_id += 1
            self.wake()

    def take(self, offset: int, limit: int) -> Told:
        """Confirm what is older than the offset and give what is not; a negative one counts from the end."""
        self._forget_old()
        if offset < 0:
            self._confirm(self.waiting[: max(0, len(self.waiting) + offset)])
        elif 0 < offset <= self.next_id + _FAR:
            self._confirm([one for one in self.waiting if one.id < offset])
        found = [*self._echoes, *self.waiting][:limit]
        self._echoes = self._echoes[limit:]
        told = [one.json() for one in found]
        if told and self.tamper is not None:
            told, self.tamper = self.tamper(told), None
        return told

    def repeat(self, times: int = 1) -> None:
        """Tell all that wait now again after they are confirmed."""
        for one in self.waiting:
            one.again += times

    def drop(self) -> None:
        """Throw away all that wait."""
        self.waiting.clear()

    def watch(self, told: Callable[[], None]) -> Callable[[], None]:
        """Be told of new ones; gives what ends that."""
        self._watchers.append(told)
        return lambda: self._watchers.remove(told)

    def wake(self) -> None:
        """Tell who watches."""
        for told in tuple(self._watchers):
            told()

    def _confirm(self, ones: Sequence[Update]) -> None:
        for one in ones:
            self.waiting.remove(one)
            self._echoes += [one] * one.again

    def _forget_old(self) -> None:
        oldest = self.clock.now() - KEPT_SECONDS
        self.waiting = [one for one in self.waiting if one.at >= oldest]


def backwards(told: Told) -> Told:
    """Tell the newest first."""
    return told[::-1]


def twice(told: Told) -> Told:
    """Tell each one two times."""
    return [one for one in told for _ in range(2)]
