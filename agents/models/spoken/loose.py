"""JSON as models write it: what RFC 8259 allows, and the slips that have one meaning only.

Those are a comma too many, single quotes, Python's True, False and None, line feeds within a text, a backslash before
a character that needs none, and closing brackets that are missing at the very end, behind a value that is whole.
"""

import math
import re
from typing import Any

from agents.models.spoken.reading import BROKEN_OFF, UnreadableError

_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?")
_WORDS = {"true": True, "false": False, "null": None, "True": True, "False": False, "None": None}
_WORD = re.compile(r"[A-Za-z]+")
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_PLAIN = {quote: re.compile(rf"[^\\{quote}]*") for quote in "\"'"}
_MARKUP = ("</", "<|", "<｜")
_DEEPEST = 60
_LONGEST_NUMBER = 400


def value_at(text: str, position: int, end: int | None = None, *, closed: bool = False) -> tuple[Any, int]:
    """Read the value that begins at `position`; gives it and where it ends. Raises UnreadableError.

    `closed` says that what ends at the end is whole.
    """
    reader = _Reader(text, len(text) if end is None else end, closed)
    return reader.value(reader.after_space(position), 0)


def _joined(text: str) -> str:
    """Join the halves of characters that were written as two (RFC 8259, 7)."""
    if not any("\ud800" <= character <= "\udfff" for character in text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class _Reader:
    def __init__(self, text: str, end: int, closed: bool) -> None:
        self._text = text
        self._closed = closed
        self._end = end

    def after_space(self, at: int) -> int:
        match = _SPACE.match(self._text, at, self._end)
        return match.end() if match else at

    def value(self, at: int, depth: int) -> tuple[Any, int]:
        if depth > _DEEPEST:
            raise UnreadableError("it is nested too deeply")
        first = self._text[at : at + 1] if at < self._end else ""
        if first == "{":
            return self._object(at, depth)
        if first == "[":
            return self._array(at, depth)
        if first and first in "\"'":
            return self._string(at)
        return self._simple(at)

    def _object(self, at: int, depth: int) -> tuple[dict[str, Any], int]:
        found: dict[str, Any] = {}
        at = self.after_space(at + 1)
        while not self._closes(at, "}"):
            if self._text[at] not in "\"'":
                raise self._expected(at, "a key in double quotes")
            key, at = self._string(at)
            at = self.after_space(at)
            if at >= self._end or self._text[at] != ":":
                raise self._expected(at, "a colon")
            found[key], at = self.value(self.after_space(at + 1), depth + 1)
            at = self._next(at, "}")
        return found, self._behind(at, "}")

    def _array(self, at: int, depth: int) -> tuple[list[Any], int]:
        found: list[Any] = []
        at = self.after_space(at + 1)
        while not self._closes(at, "]"):
            value, at = self.value(at, depth + 1)
            found.append(value)
            at = self._next(at, "]")
        return found, self._behind(at, "]")

    def _closes(self, at: int, bracket: str) -> bool:
        """Say whether a bracket closes here, also one that is missing where all ends, or the markup around it does."""
        return at >= self._end or self._text[at] == bracket or self._text.startswith(_MARKUP, at)

    def _behind(self, at: int, bracket: str) -> int:
        return at + 1 if at < self._end and self._text[at] == bracket else at

    def _next(self, at: int, bracket: str) -> int:
        """Go behind a comma, to a key, a value or the closing bracket."""
        at = self.after_space(at)
        if at < self._end and self._text[at] == ",":
            return self.after_space(at + 1)
        if not self._closes(at, bracket):
            raise self._expected(at, f"a comma or {bracket}")
        return at

    def _string(self, at: int) -> tuple[str, int]:
        quote, parts = self._text[at], list[str]()
        plain, at = _PLAIN[quote], at + 1
        while True:
            match = plain.match(self._text, at, self._end)
            stop = match.end() if match else at
            parts.append(self._text[at:stop])
            if stop >= self._end:
                raise self._expected(stop, f"{quote} at the end of a text")
            if self._text[stop] == quote:
                return _joined("".join(parts)), stop + 1
            part, at = self._escape(stop + 1)
            parts.append(part)

    def _escape(self, at: int) -> tuple[str, int]:
        letter = self._text[at : at + 1]
        if letter == "u":
            digits = self._text[at + 1 : at + 5]
            if re.fullmatch(r"[0-9a-fA-F]{4}", digits):
                return chr(int(digits, 16)), at + 5
        if letter in _ESCAPES:
            return _ESCAPES[letter], at + 1
        return (letter if letter in "\"\\/'" else f"\\{letter}"), at + 1

    def _simple(self, at: int) -> tuple[Any, int]:
        match = _NUMBER.match(self._text, at, self._end)
        if match and match.end() - at < _LONGEST_NUMBER:
            written = match[0]
            value = float(written) if any(mark in written for mark in ".eE") else int(written)
            if not math.isinf(value):
                return value, self._whole(match.end())
        match = _WORD.match(self._text, at, self._end)
        if match and match[0] in _WORDS:
            return _WORDS[match[0]], self._whole(match.end())
        raise self._expected(at, "a value")

    def _whole(self, at: int) -> int:
        """Give a place that is not the end of all: what ends there may have gone on."""
        if at >= self._end and not self._closed:
            raise UnreadableError(BROKEN_OFF)
        return at

    def _expected(self, at: int, what: str) -> UnreadableError:
        near = " ".join(self._text[max(0, at - 15) : at + 15].split())
        return UnreadableError(f"{what} is missing near {near!r}")
