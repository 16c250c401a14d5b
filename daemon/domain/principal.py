"""Who speaks."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The owner commands; a contact may be written to or may write, and commands nothing."""

    OWNER = "owner"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who it is, and the channel's proof (for the terminal: the user id of the shell account)."""

    role: Role
    channel: str
    proof: str
