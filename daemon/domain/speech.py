"""Speech that came in, and what a model heard in it."""

from dataclasses import dataclass
from pathlib import Path

from daemon.domain.limits import Usage
from daemon.domain.model import Attempt


@dataclass(frozen=True, slots=True)
class Recording:
    """Speech in a file. The ending of its `name` says which form it has (ogg, mp4); `seconds` is how long it is.

    A `private` one reaches nothing but the owner's own models (M2).
    """

    path: Path
    name: str
    seconds: float
    private: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said, by which model it was heard, and what that took, failed attempts included.

    `text` is what a model wrote: never the owner's own word.
    """

    text: str
    model: str
    usage: Usage
    attempts: tuple[Attempt, ...] = ()
