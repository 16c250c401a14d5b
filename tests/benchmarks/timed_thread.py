"""The store thread with a stopwatch: which functions of the store take how long."""

import time
from collections import defaultdict
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from daemon.store.thread import StoreThread

P = ParamSpec("P")
T = TypeVar("T")


class TimedThread(StoreThread):
    """Adds up the seconds of each function by its name."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        self.seconds: defaultdict[str, float] = defaultdict(float)

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `function` in the thread as ever."""
        return await super().call(self._timed, function, *args, **kwargs)

    def _timed(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        began = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            self.seconds[function.__name__] += time.perf_counter() - began
