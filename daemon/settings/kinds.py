"""How the value of a key is written: numbers, sizes, durations, money, words, addresses, folders.

A kind reads the text that stands in a file or a variable and gives the value that the program works with, or raises
ValueError with the end of a sentence: "must be …". `spoken` writes a value the way that `read` understands.
"""

import re
from decimal import Decimal
from pathlib import Path
from typing import ClassVar, Protocol
from urllib.parse import urlsplit

import msgspec

from daemon.domain.limits import MICROS

_NUMBER = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,6})?)\s*([A-Za-z]*)")
_SECONDS = {"s": 1, "min": 60, "hour": 3600, "day": 86400, "week": 7 * 86400}
_SECOND_WORDS = {"sec": "s", "second": "s", "minute": "min", "m": "min", "h": "hour", "d": "day"}
_BYTES = {"b": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3, "tb": 1024**4}
_BYTE_WORDS = {"byte": "b"} | {word: f"{word[0]}b" for word in ("k", "kib", "m", "mib", "g", "gib", "t", "tib")}


class Kind(Protocol):
    """What can stand behind a key. What is `private` is never repeated in a message: it may hold a password."""

    private: ClassVar[bool]

    def read(self, text: str) -> object:
        """Give the value; raises ValueError with "must be …"."""

    def spoken(self, value: object) -> str:
        """Write the value as a person would."""


class Whole(msgspec.Struct, frozen=True):
    """A whole number within bounds."""

    private: ClassVar[bool] = False
    least: int
    most: int

    def read(self, text: str) -> int:
        """Read digits; `_` may separate thousands."""
        if re.fullmatch(r"[0-9_]{1,20}", text):
            try:
                number = int(text)
            except ValueError:
                number = -1
            if self.least <= number <= self.most:
                return number
        raise ValueError(f"must be a whole number from {self.least} to {self.most}")

    def spoken(self, value: object) -> str:
        """Write the digits."""
        return str(value)


class Real(msgspec.Struct, frozen=True):
    """A number with a fraction, within bounds."""

    private: ClassVar[bool] = False
    least: float
    most: float

    def read(self, text: str) -> float:
        """Read decimal digits with a point."""
        if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text) and self.least <= float(text) <= self.most:
            return float(text)
        raise ValueError(f"must be a number from {self.least} to {self.most}")

    def spoken(self, value: object) -> str:
        """Write the shortest form."""
        return str(value)


class Duration(msgspec.Struct, frozen=True):
    """A time as in "90 s", "5 min", "2 hours", "7 days"; a bare number counts in `unit` ("s", "day").

    Bounds and value are whole numbers of that unit.
    """

    private: ClassVar[bool] = False
    least: int
    most: int
    unit: str = "s"

    def read(self, text: str) -> int:
        """Give the whole number of units."""
        seconds = _measured(text, _SECONDS, _SECOND_WORDS, self.unit)
        units = None if seconds is None else seconds / _SECONDS[self.unit]
        if units is None or units != int(units) or not self.least <= units <= self.most:
            raise ValueError(
                f'must be a time like "5 min" or "7 days", {self.spoken(self.least)} to {self.spoken(self.most)}'
            )
        return int(units)

    def spoken(self, value: object) -> str:
        """Write it in the greatest unit that divides it, up to days."""
        amount = Decimal(str(value)) * _SECONDS[self.unit]
        unit = next((u for u in ("day", "hour", "min") if amount and amount % _SECONDS[u] == 0), "s")
        count = amount / _SECONDS[unit]
        return f"{count.normalize():f} {unit}{'s' if unit in ('day', 'hour') and count != 1 else ''}"


class Size(msgspec.Struct, frozen=True):
    """An amount of bytes as in "512 MB" or "2 GB" (1 KB is 1024 bytes); a bare number counts bytes."""

    private: ClassVar[bool] = False
    least: int
    most: int

    def read(self, text: str) -> int:
        """Give the bytes."""
        size = _measured(text, _BYTES, _BYTE_WORDS, "b")
        if size is None or size != int(size) or not self.least <= size <= self.most:
            raise ValueError(f'must be a size like "512 MB", {self.spoken(self.least)} to {self.spoken(self.most)}')
        return int(size)

    def spoken(self, value: object) -> str:
        """Write it in the greatest unit that divides it."""
        size = int(str(value))
        unit = next((u for u in ("tb", "gb", "mb", "kb") if size and size % _BYTES[u] == 0), "b")
        return f"{size // _BYTES[unit]} {unit.upper()}"


class Dollars(msgspec.Struct, frozen=True):
    """Money in US dollars, at most six digits behind the point; the value is in micro-dollars, `most` in dollars."""

    private: ClassVar[bool] = False
    most: int

    def read(self, text: str) -> int:
        """Give the micro-dollars of "1.50" or "$1.50"."""
        match = re.fullmatch(r"\$?\s*([0-9]{1,9}(?:\.[0-9]{1,6})?)", text)
        if not match or Decimal(match[1]) > self.most:
            raise ValueError(f"must be an amount of dollars like 1.50, at most {self.most}")
        return int(Decimal(match[1]) * MICROS)

    def spoken(self, value: object) -> str:
        """Write two digits behind the point, or as many as it needs."""
        whole, micros = divmod(int(str(value)), MICROS)
        return f"${whole}.{f'{micros:06d}'.rstrip('0').ljust(2, '0')}"


class Choice(msgspec.Struct, frozen=True):
    """One of a few words."""

    private: ClassVar[bool] = False
    words: tuple[str, ...]

    def read(self, text: str) -> str:
        """Give the word; upper case is the same."""
        if text.lower() in self.words:
            return text.lower()
        raise ValueError(f"must be one of {', '.join(self.words)}")

    def spoken(self, value: object) -> str:
        """Give the word."""
        return str(value)


class Name(msgspec.Struct, frozen=True):
    """A name without spaces."""

    private: ClassVar[bool] = False
    most: int = 200

    def read(self, text: str) -> str:
        """Give the name."""
        if 1 <= len(text) <= self.most and text.isprintable() and " " not in text:
            return text
        raise ValueError(f"must be a name without spaces, at most {self.most} characters")

    def spoken(self, value: object) -> str:
        """Give the name."""
        return str(value)


class Url(msgspec.Struct, frozen=True):
    """The address of a server. A user, a password or a query in it is refused: secrets are not kept in settings."""

    private: ClassVar[bool] = True

    def read(self, text: str) -> str:
        """Give the address without a slash at its end."""
        try:
            parts = urlsplit(text)
            good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            good = False
        if not good or len(text) > 2000 or not text.isprintable() or " " in text:
            raise ValueError("must be an address like http://127.0.0.1:11434")
        if "@" in parts.netloc or "?" in text or "#" in text:
            raise ValueError(
                "must be an address without user, password, query or fragment; a key belongs in .env or the keyring"
            )
        return text.rstrip("/")

    def spoken(self, value: object) -> str:
        """Give the address."""
        return str(value)


class Folder(msgspec.Struct, frozen=True):
    """A folder of the machine by its full path, or from the home folder on (`~/skills`); it need not exist."""

    private: ClassVar[bool] = False

    def read(self, text: str) -> str:
        """Give the full path."""
        try:
            path = Path(text).expanduser()
        except RuntimeError:
            path = Path()
        if len(text) > 4000 or not text.isprintable() or not path.is_absolute():
            raise ValueError("must be a full path, or one that begins with ~/")
        return str(path)

    def spoken(self, value: object) -> str:
        """Give the path."""
        return str(value)


class Unless(msgspec.Struct, frozen=True):
    """A value of `kind`, or one `word` that stands for None: "unlimited", "never"."""

    private: ClassVar[bool] = False
    word: str
    kind: Whole | Duration | Dollars | Real | Name

    def read(self, text: str) -> object:
        """Give the value or None."""
        if text.lower() == self.word:
            return None
        try:
            return self.kind.read(text)
        except ValueError as error:
            raise ValueError(f"{error}, or {self.word!r}") from None

    def spoken(self, value: object) -> str:
        """Write the word for None."""
        return self.word if value is None else self.kind.spoken(value)


class Several(msgspec.Struct, frozen=True):
    """A list of values of `kind`; in a variable they are separated by colons."""

    private: ClassVar[bool] = False
    kind: Folder
    most: int = 32

    def read(self, text: str) -> tuple[str, ...]:
        """Give the values of a variable."""
        return self.read_all(text.split(":"))

    def read_all(self, texts: list[str]) -> tuple[str, ...]:
        """Give the values of a list."""
        if len(texts) > self.most:
            raise ValueError(f"must be at most {self.most} values")
        return tuple(self.kind.read(text) for text in texts)

    def spoken(self, value: object) -> str:
        """Write a list as in YAML."""
        return f"[{', '.join(value)}]" if isinstance(value, tuple) else str(value)


class Each(msgspec.Struct, frozen=True):
    """The kinds of a fact that belongs to the domain and so cannot name them itself, field by field."""

    kinds: tuple[tuple[str, Kind], ...]


def _measured(text: str, units: dict[str, int], words: dict[str, str], bare: str) -> Decimal | None:
    """Give the amount in the smallest unit, or None where the text is not a number with one of the units."""
    match = _NUMBER.fullmatch(text)
    if not match:
        return None
    word = match[2].lower() or bare
    for name in (word, word.removesuffix("s")):
        unit = words.get(name, name)
        if unit in units:
            return Decimal(match[1]) * units[unit]
    return None
