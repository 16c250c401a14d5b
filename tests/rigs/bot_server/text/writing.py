"""A text while a parser writes it: what is shown, and what is marked in it."""

from typing import Any

from tests.rigs.bot_server.text.link import checked, person_of
from tests.rigs.bot_server.text.units import units

Entity = dict[str, Any]
"""A MessageEntity as JSON."""


class Writing:
    """Grows character by character; `units` is where it stands."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._pieces: list[str] = []
        self.units = 0
        self.entities: list[Entity] = []

    @property
    def text(self) -> str:
        """Give what was written so far."""
        return "".join(self._pieces)

    @property
    def length(self) -> int:
        """Give how many pieces were written, for `since`."""
        return len(self._pieces)

    def since(self, length: int) -> str:
        """Give what was written after the first `length` pieces."""
        return "".join(self._pieces[length:])

    def put(self, piece: str) -> None:
        """Write on."""
        if piece:
            self._pieces.append(piece)
            self.units += units(piece)

    def mark(self, kind: str, offset: int, **more: Any) -> None:
        """Mark what was written since a unit; nothing where that is nothing."""
        if self.units > offset:
            self.entities.append({"type": kind, "offset": offset, "length": self.units - offset} | more)

    def link(self, url: str, offset: int) -> None:
        """Mark it as a link or as the name of a user; not at all where the address is none."""
        if person := person_of(url):
            self.mark("text_mention", offset, user={"id": person})
        elif known := checked(url):
            self.mark("text_link", offset, url=known)
