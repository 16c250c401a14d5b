"""A result that comes with words."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Described:
    """A result and its description."""

    result: Any
    description: str
