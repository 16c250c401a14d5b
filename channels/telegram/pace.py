"""How often something may be done in a chat: about once a second (https://core.telegram.org/bots/faq).

Edits, on which nothing depends, keep to it; messages go at once, but for one that follows an edit of ours too soon.
"""

import asyncio
import time

SECONDS = 1.1
"""With a tenth for the way there."""


class Pace:
    """What was done in each chat, and when."""

    def __init__(self) -> None:
        """Begin with nothing done."""
        self._last: dict[int, float] = {}
        self._edited: dict[int, float] = {}

    async def before_a_message(self, chat: int) -> None:
        """Wait until a message may follow the last edit, and count it."""
        wait = self._edited.get(chat, 0.0) + SECONDS - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
        self._last[chat] = time.monotonic()

    def may_edit(self, chat: int, seconds: float) -> bool:
        """Say whether so many seconds have gone since something was done in a chat."""
        return time.monotonic() - self._last.get(chat, -1e9) >= max(seconds, SECONDS)

    def edits(self, chat: int) -> None:
        """Count an edit."""
        self._last[chat] = self._edited[chat] = time.monotonic()

    def messages(self, chat: int) -> None:
        """Count a message that is through: the other side may have taken it just now."""
        self._last[chat] = time.monotonic()
