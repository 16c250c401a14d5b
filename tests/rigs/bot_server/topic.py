"""A topic of a forum."""

from dataclasses import dataclass


@dataclass(slots=True)
class Topic:
    """Its id is that of the message that says it was created."""

    id: int
    name: str
    icon_color: int = 0x6FB9F0
    closed: bool = False
    deleted: bool = False
