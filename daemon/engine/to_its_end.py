"""Letting something come to its end although the run is stopped meanwhile: half of it would be worse than a wait."""

import asyncio
from typing import TypeVar

Done = TypeVar("Done")


async def to_its_end(doing: "asyncio.Future[Done]") -> Done:
    """Wait for an end even when this task is cancelled meanwhile; only then let it be."""
    stopped = False
    while not doing.done():
        try:
            await asyncio.shield(doing)
        except asyncio.CancelledError:
            stopped = True
    if stopped and doing.exception() is None:
        raise asyncio.CancelledError
    return doing.result()
