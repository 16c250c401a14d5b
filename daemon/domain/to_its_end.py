"""Letting something come to its end although the one who waits is cancelled: half of it would be worse than a wait."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Done = TypeVar("Done")


async def to_its_end(doing: "Coroutine[Any, Any, Done] | asyncio.Future[Done]") -> Done:
    """Await an end also through cancellations, which are raised then; an error of what was done comes before them."""
    task = asyncio.ensure_future(doing)
    cancelled = False
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            cancelled = True
    done = task.result()
    if cancelled:
        raise asyncio.CancelledError
    return done
