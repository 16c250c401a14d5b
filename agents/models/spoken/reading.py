"""What is read out of an answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SpokenCall:
    """A call as it was written: a name that may be unknown, and arguments as JSON values."""

    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """The text that is left for a person, the calls in their order, and what is wrong with others, for the model."""

    text: str
    calls: tuple[SpokenCall, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What a form found at one place: calls up to the character `end`, or why there is none."""

    end: int
    calls: tuple[SpokenCall, ...] = ()
    problem: str = ""
    shown: str = ""
    """Text within it that is for a person."""


BROKEN_OFF = "it ends in the middle of a value"


class UnreadableError(ValueError):
    """A call was meant here and cannot be read; the text is for the model."""
