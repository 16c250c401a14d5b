"""The server's time, which a test can put forward."""

import time
from collections.abc import Callable


class Clock:
    """Runs as the machine's does, and jumps where a test says so; nothing waits for real time that has jumped."""

    def __init__(self) -> None:
        """Begin now."""
        self._ahead = time.time() - time.monotonic()
        self._jumped: list[Callable[[], None]] = []

    def now(self) -> float:
        """Give the seconds since 1970."""
        return time.monotonic() + self._ahead

    def unix(self) -> int:
        """Give the whole seconds since 1970, as messages are dated."""
        return int(self.now())

    def advance(self, seconds: float) -> None:
        """Put it forward; whoever waits looks at it again."""
        self._ahead += seconds
        for told in tuple(self._jumped):
            told()

    def when_jumped(self, told: Callable[[], None]) -> Callable[[], None]:
        """Be told of jumps; gives what ends that."""
        self._jumped.append(told)
        return lambda: self._jumped.remove(told)
