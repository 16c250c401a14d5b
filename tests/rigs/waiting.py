"""Waiting for conditions, always with a deadline."""

import select
import time
from collections.abc import Callable
from typing import Protocol

_LOOK_SECONDS = 0.02


class Readable(Protocol):
    """Something with a descriptor."""

    def fileno(self) -> int:
        """Give the descriptor."""


def wait_until(holds: Callable[[], bool], seconds: float) -> bool:
    """Look until something holds; False when it did not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(_LOOK_SECONDS)
    return True


def wait_readable(source: Readable, seconds: float) -> bool:
    """Wait until there is something to read; False when there was nothing within `seconds`."""
    return bool(select.select([source], [], [], seconds)[0])
