"""A value that somebody set, and where."""

from dataclasses import dataclass

from daemon.settings.kinds import Kind
from daemon.settings.mistakes import Mistakes, quoted


@dataclass(frozen=True, slots=True)
class Found:
    """The value of a key, and its place for the owner: "config.yaml, line 12", "AGENT_LOG_LEVEL"."""

    value: object
    source: str


def read_value(kind: Kind, dotted: str, text: str, source: str, mistakes: Mistakes, shown: bool = True) -> Found | None:
    """Give the value of `text`, or add a mistake. A text that is not `shown` is not repeated in the message."""
    try:
        return Found(kind.read(text), source)
    except ValueError as error:
        not_this = f", not {quoted(text)}" if shown and not kind.private else ""
        mistakes.add(source, f"{dotted!r} {error}{not_this}.")
        return None
