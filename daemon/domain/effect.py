"""What a tool call can do, and what a run has read (POLICY.md)."""

from enum import StrEnum


class Effect(StrEnum):
    """The effect class of a tool call; decides the verdict and what happens after a crash."""

    READ = "read"
    COMPUTE = "compute"
    FETCH = "fetch"
    WRITE = "write"
    SEND = "send"
    CHANGE = "change"
    SELF = "self"

    @property
    def leaves_the_house(self) -> bool:
        """Whether repeating it could do something twice outside."""
        return self in (Effect.SEND, Effect.CHANGE)


class Label(StrEnum):
    """What a run has read; labels are only ever added."""

    UNTRUSTED = "untrusted"
    PRIVATE = "private"


Labels = frozenset[Label]
NO_LABELS: Labels = frozenset()
