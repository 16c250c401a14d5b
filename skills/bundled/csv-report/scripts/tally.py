"""How often each value occurs and how many different ones there are, in bounded memory."""

import hashlib
import heapq
import zlib
from collections import Counter
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

_LONGEST_KEY = 80
_SMALLEST = 4096


class Tally:
    """Counts values exactly up to `limit` different ones.

    Beyond that the rarest are dropped (counts of frequent values are then lower bounds), or all where hardly any value
    comes twice; the number of different values is estimated by the k smallest hashes (Bar-Yossef et al. 2002), within
    about 2 %.
    """

    def __init__(self, limit: int) -> None:
        """Count up to `limit` different values exactly."""
        self._limit = limit
        self._counts: Counter[str] = Counter()
        self._seen = 0
        self._hashes: NDArray[np.uint32] | None = None
        self._unique = False

    @property
    def exact(self) -> bool:
        """Tell whether every value was counted."""
        return self._hashes is None

    def add(self, counts: Counter[str]) -> None:
        """Add counted values."""
        self._seen += counts.total()
        if self._hashes is not None:
            self._remember(counts)
        if self._unique:
            return
        self._counts.update(counts)
        if len(self._counts) > self._limit:
            self._overflow()

    def distinct(self) -> int:
        """Give how many different values there are, estimated unless `exact`."""
        if self._hashes is None:
            return len(self._counts)
        if len(self._hashes) < _SMALLEST:
            return len(self._hashes)
        estimate = (_SMALLEST - 1) * 2**32 / (int(self._hashes[-1]) + 1)
        return min(self._seen, round(estimate))

    def most_common(self, amount: int) -> list[tuple[str, int]]:
        """Give the most frequent values; none where hardly any value comes twice. Ties are in the order of the text."""
        best = heapq.nsmallest(amount, self._counts.items(), key=lambda item: (-item[1], item[0]))
        return [] if self._unique else best

    def values(self) -> list[str]:
        """Give the different values counted."""
        return list(self._counts)

    def _overflow(self) -> None:
        if self._hashes is None:
            self._hashes = np.empty(0, np.uint32)
            self._remember(self._counts)
        if len(self._counts) > 0.5 * self._seen:
            self._unique = True
            self._counts.clear()
            return
        kept = heapq.nsmallest(self._limit // 2, self._counts.items(), key=lambda item: (-item[1], item[0]))
        self._counts = Counter(dict(kept))

    def _remember(self, values: Iterable[str]) -> None:
        assert self._hashes is not None  # noqa: S101 - for the type checker; callers have set it
        encoded = (zlib.crc32(value.encode("utf-8", "surrogatepass")) for value in values)
        fresh = _mixed(np.fromiter(encoded, np.uint32))
        self._hashes = np.unique(np.concatenate([self._hashes, fresh]))[:_SMALLEST]


def keyed(cells: list[str]) -> list[str]:
    """Give cells as keys of a tally: long ones as their beginning and a digest, so that memory is bounded."""
    if max(map(len, cells), default=0) <= _LONGEST_KEY:
        return cells
    return [cell if len(cell) <= _LONGEST_KEY else _digest(cell) for cell in cells]


def shown(key: str) -> str:
    """Give the part of a key that is the value's own text."""
    return key.partition("\0")[0] + "…" if "\0" in key else key


def _digest(cell: str) -> str:
    whole = hashlib.blake2b(cell.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return cell[: _LONGEST_KEY - 20].replace("\0", " ") + "\0" + whole


def _mixed(values: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Spread checksums evenly: a CRC is linear, so that texts which count up would not look random (MurmurHash3)."""
    values ^= values >> np.uint32(16)
    values *= np.uint32(0x85EBCA6B)
    values ^= values >> np.uint32(13)
    values *= np.uint32(0xC2B2AE35)
    values ^= values >> np.uint32(16)
    return values
