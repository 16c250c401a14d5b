"""How much a bot may send, by https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this."""

import math
from collections import deque
from dataclasses import dataclass, field

from tests.rigs.bot_server.refusal import too_many

COUNTED = frozenset(
    {
        "sendMessage",
        "sendDocument",
        "sendPhoto",
        "sendMediaGroup",
        "copyMessage",
        "forwardMessage",
        "editMessageText",
        "editMessageCaption",
        "editMessageReplyMarkup",
    }
)
"""Methods that count; of an album each file does."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A request that was one too many, by the server's time."""

    at: float
    method: str
    chat: int
    retry_after: int

    def json(self) -> dict[str, float | str]:
        """Give it for a test in another process."""
        return {"at": self.at, "method": self.method, "chat": self.chat, "retry_after": self.retry_after}


@dataclass(slots=True)
class Limits:
    """So many a second in one chat and over all, so many a minute in one group. They count while `on`.

    What was one too many is kept in `breaches`.
    """

    on: bool = False
    chat: int = 1
    overall: int = 30
    group: int = 20
    counted: frozenset[str] = COUNTED
    breaches: list[Breach] = field(default_factory=list)
    _sent: deque[tuple[float, int]] = field(default_factory=deque)

    def count(self, method: str, chat_id: int, now: float, items: int = 1) -> None:
        """Count a request; raises Refused where it is one too many."""
        if not self.on or method not in self.counted:
            return
        while self._sent and self._sent[0][0] <= now - 60:
            self._sent.popleft()
        here = [at for at, chat in self._sent if chat == chat_id]
        everywhere = [at for at, _ in self._sent]
        wait = max(_wait(here, self.chat, 1, now), _wait(everywhere, self.overall, 1, now))
        wait = max(wait, _wait(here, self.group, 60, now)) if chat_id < 0 else wait
        if wait > 0:
            breach = Breach(now, method, chat_id, max(1, math.ceil(wait)))
            self.breaches.append(breach)
            raise too_many(breach.retry_after)
        self._sent.extend([(now, chat_id)] * items)


def _wait(sent: list[float], most: int, seconds: float, now: float) -> float:
    """Give how long until there are fewer than `most` within so many seconds."""
    recent = [at for at in sent if at > now - seconds]
    return recent[-most] + seconds - now if len(recent) >= most else 0.0
