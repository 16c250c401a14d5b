"""A text as the finders look at it, and what they find in it."""

import re
from dataclasses import dataclass
from functools import cached_property

PLACEHOLDER = re.compile(rb"\[secret:[a-z0-9-]{1,40}:[0-9a-f]{2}\]")
"""What stands in the place of a secret."""

MASK = b"\x00"
"""What finders see where a placeholder stands: it is part of nothing."""


@dataclass(frozen=True, slots=True)
class Span:
    """A secret from `start` to `end` (exclusive). `value` is what it is whatever form it is written in."""

    start: int
    end: int
    kind: str
    value: bytes


class View:
    """A text in bytes of the same length, so that positions are the same; what is not ASCII is a question mark."""

    def __init__(self, text: str) -> None:
        """Look at `text`."""
        self.text = text
        data = text.encode("ascii", "replace")
        if b"[secret:" in data:
            data = PLACEHOLDER.sub(lambda found: MASK * len(found[0]), data)
        self.data = data

    @cached_property
    def low(self) -> bytes:
        """Give it in small letters."""
        return self.data.lower()

    def original(self, start: int, end: int) -> bytes:
        """Give a piece of the text itself, in UTF-8."""
        return self.text[start:end].encode("utf-8", "surrogatepass")
