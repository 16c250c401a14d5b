"""Measures how long a call takes."""

import time
from collections.abc import Callable


def milliseconds(function: Callable[[], object]) -> float:
    """Call once; give the wall clock's milliseconds."""
    began = time.perf_counter()
    function()
    return (time.perf_counter() - began) * 1000
