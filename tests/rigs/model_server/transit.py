"""How an answer gets to the client: its pace, its pieces, and where it stops."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Cut = Callable[[Iterable[bytes]], Iterator[bytes]]
"""Cuts events into the pieces that are written one by one. The bytes stay the same."""


def each_event(events: Iterable[bytes]) -> Iterator[bytes]:
    """Write each event by itself."""
    yield from events


def every_byte(events: Iterable[bytes]) -> Iterator[bytes]:
    """Write byte by byte."""
    for event in events:
        for at in range(len(event)):
            yield event[at : at + 1]


def inside_characters(events: Iterable[bytes]) -> Iterator[bytes]:
    """Cut in the middle of each UTF-8 character of more than one byte."""
    for event in events:
        start = 0
        for at in range(1, len(event)):
            if event[at] & 0xC0 == 0x80 and event[at - 1] & 0xC0 == 0xC0:
                yield event[start:at]
                start = at
        yield event[start:]


def inside_lines(events: Iterable[bytes]) -> Iterator[bytes]:
    """Cut each event within its first word and within its last line end."""
    for event in events:
        for piece in (event[:2], event[2:-1], event[max(2, len(event) - 1) :]):
            if piece:
                yield piece


def across_events(events: Iterable[bytes]) -> Iterator[bytes]:
    """Write pieces that hold the end of one event and the beginning of the next."""
    carried = b""
    for event in events:
        middle = len(event) // 2
        yield carried + event[:middle]
        carried = event[middle:]
    yield carried


def together(count: int) -> Cut:
    """Give a cut that writes so many events in one piece."""

    def cut(events: Iterable[bytes]) -> Iterator[bytes]:
        held: list[bytes] = []
        for event in events:
            held.append(event)
            if len(held) == count:
                yield b"".join(held)
                held.clear()
        if held:
            yield b"".join(held)

    return cut


def by_size(count: int) -> Cut:
    """Give a cut that writes pieces of so many bytes."""

    def cut(events: Iterable[bytes]) -> Iterator[bytes]:
        held = b""
        for event in events:
            held += event
            while len(held) >= count:
                yield held[:count]
                held = held[count:]
        if held:
            yield held

    return cut


@dataclass(frozen=True, slots=True)
class Halt:
    """Where an answer stops before its end.

    `hang` says no more, `reset` ends the connection by RST, `close` by FIN, `end` ends the answer as HTTP wants it
    though its content is not complete. It happens after so many pieces of the body; with -1 before the head, with 0
    right after it. With `closed_for` the port refuses connections for so many seconds afterwards.
    """

    how: Literal["hang", "reset", "close", "end"]
    after: int = 0
    closed_for: float = 0.0


@dataclass(frozen=True, slots=True)
class Transit:
    """How one answer travels; times in seconds.

    `head` is how long the head takes, byte by byte; `first` the wait before the body; `between` the wait between two
    pieces. `crlf` and `comment` (before each event) are for event streams; `gzip` holds where the client accepts it.
    """

    head: float = 0.0
    first: float = 0.0
    between: float = 0.0
    cut: Cut = each_event
    crlf: bool = False
    comment: str = ""
    gzip: bool = False
    halt: Halt | None = None

    def dressed(self, events: Iterable[bytes]) -> Iterator[bytes]:
        """Give the events of an event stream with the line ends and comments that were asked for."""
        comment = f": {self.comment}\n\n".encode() if self.comment else b""
        for event in events:
            plain = comment + event
            yield plain.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") if self.crlf else plain


STRAIGHT = Transit()
"""At once, event by event, to the end."""
