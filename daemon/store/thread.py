"""The one thread in which an event loop's process reads and writes the database."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from daemon.store import database

P = ParamSpec("P")
T = TypeVar("T")


class StoreThread:
    """Runs the store's functions away from the loop, which a slow disk or a foreign writer must never stop."""

    def __init__(self) -> None:
        """Make the thread; it starts with the first call."""
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `function` in the thread and give what it gives.

        The call is finished even if the waiting coroutine is cancelled: a transaction is never left halfway.
        """
        loop = asyncio.get_running_loop()
        done = loop.run_in_executor(self._executor, lambda: function(*args, **kwargs))
        # Whoever waited may be gone by then; what went wrong is then nobody's.
        done.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        return await asyncio.shield(done)

    def close(self) -> None:
        """Let the last call end, close the connection, end the thread."""
        self._executor.submit(database.close).result()
        self._executor.shutdown(wait=True)
