"""A key as the owner sees it: its name, where it comes from, what needs it; never its value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ListedKey:
    """`sources` are the places that have it, in the order in which they are looked at: the first one counts.

    `models` are those that need it; `kept_at` says when `agent auth set` kept it, in seconds since the epoch;
    `problem` what keeps the file of a key from being used.
    """

    name: str
    sources: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    kept_at: float | None = None
    problem: str = ""
