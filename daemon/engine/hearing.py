"""Hearing rings within an event loop."""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path

from daemon.engine.wake import Listener


class Hearing:
    """Set when something was written since the last `rest`."""

    def __init__(self) -> None:
        """Begin unset."""
        self._heard = asyncio.Event()

    def tell(self) -> None:
        """Wake whoever rests."""
        self._heard.set()

    async def rest(self, seconds: float) -> None:
        """Return when something was written, or after `seconds`."""
        # asyncio.wait_for of CPython 3.11 forgets a cancellation that comes together with what it waits for.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._heard.wait()
        self._heard.clear()

    @contextlib.contextmanager
    def listening(self, folder: Path) -> Iterator[None]:
        """Hear the rings of this folder while the block lasts."""
        listener = Listener(folder)
        loop = asyncio.get_running_loop()

        def heard() -> None:
            listener.drain()
            self._heard.set()

        loop.add_reader(listener, heard)
        try:
            yield
        finally:
            loop.remove_reader(listener)
            listener.close()
