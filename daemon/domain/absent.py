"""Importing a library without what it would load because it is there, and nobody here needs: it stays for ever."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def absent(*names: str) -> Iterator[None]:
    """Let packages look as if they were not installed while the block lasts, where they are not loaded already."""
    hidden = [name for name in names if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # what import takes for "there is none"
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
