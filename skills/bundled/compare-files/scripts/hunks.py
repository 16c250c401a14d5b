"""Lines that differ, in hunks: lines that are unique in both are fixed points, what lies between is compared by itself.

The fixed points are those of patience diff; between them the shortest way is searched as in E. W. Myers, "An O(ND)
difference algorithm and its variations", Algorithmica 1, 1986. The search is bounded; where the bound is reached, the
stretch counts as replaced.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_MOST_EDITS = 1500  # between two fixed points
_MOST_STEPS = 8_000_000  # of all searches together


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines that were replaced: the number of the first line in both files, from 1, and the lines themselves."""

    before: int
    after: int
    removed: tuple[str, ...]
    added: tuple[str, ...]


def hunks(old: Sequence[str], new: Sequence[str]) -> tuple[list[Hunk], int]:
    """Give the hunks in order, and how many lines are the same."""
    pairs = list(_Search(old, new).pairs())
    found: list[Hunk] = []
    at = (0, 0)
    for one in (*pairs, (len(old), len(new))):
        if one != at:
            found.append(Hunk(at[0] + 1, at[1] + 1, tuple(old[at[0] : one[0]]), tuple(new[at[1] : one[1]])))
        at = (one[0] + 1, one[1] + 1)
    return found, len(pairs)


class _Search:
    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self._old, self._new = old, new
        self._steps = _MOST_STEPS

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Give the places of lines that are the same, in order."""
        stretches = [(0, len(self._old), 0, len(self._new))]
        while stretches:
            low, high, other, last = stretches.pop()
            while low < high and other < last and self._old[low] == self._new[other]:
                yield low, other
                low, other = low + 1, other + 1
            tail = 0
            while (
                low < high - tail and other < last - tail and self._old[high - tail - 1] == self._new[last - tail - 1]
            ):
                tail += 1
            high, last = high - tail, last - tail
            if tail:
                stretches.append((high, high + tail, last, last + tail))
            fixed = [(low + a, other + b) for a, b in _fixed(self._old[low:high], self._new[other:last])]
            if fixed:
                # Each further stretch begins with a fixed point, which the loop above gives.
                starts, stops = [(low, other), *fixed], [*fixed, (high, last)]
                stretches += [(a, c, b, d) for (a, b), (c, d) in zip(starts, stops, strict=True)][::-1]
            elif low < high and other < last:
                yield from self._shortest(low, high, other, last)

    def _shortest(self, low: int, high: int, other: int, last: int) -> list[tuple[int, int]]:
        """Search the fewest edits from one corner to the other; `reached[k]` is how far diagonal k was followed."""
        old, new = self._old[low:high], self._new[other:last]
        reached = {1: 0}
        trace: list[dict[int, int]] = []
        for edits in range(min(_MOST_EDITS, len(old) + len(new)) + 1):
            trace.append(dict(reached))
            self._steps -= edits + 1
            if self._steps < 0:
                return []
            for diagonal in range(-edits, edits + 1, 2):
                x = _begin(reached, diagonal, edits)
                y = x - diagonal
                while x < len(old) and y < len(new) and old[x] == new[y]:
                    x, y = x + 1, y + 1
                reached[diagonal] = x
                if x >= len(old) and y >= len(new):
                    return [(low + a, other + b) for a, b in _way_back(trace, len(old), len(new))]
        return []


def _is_down(reached: dict[int, int], diagonal: int, edits: int) -> bool:
    """Tell whether a diagonal is entered from the one above it, by an added line; else by a removed one."""
    return diagonal == -edits or (diagonal != edits and reached[diagonal - 1] < reached[diagonal + 1])


def _begin(reached: dict[int, int], diagonal: int, edits: int) -> int:
    """Give where a diagonal is entered."""
    return reached[diagonal + 1] if _is_down(reached, diagonal, edits) else reached[diagonal - 1] + 1


def _way_back(trace: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int]]:
    """Give the lines that are the same on the way that was found."""
    found: list[tuple[int, int]] = []
    for edits in range(len(trace) - 1, -1, -1):
        diagonal = x - y
        start = _begin(trace[edits], diagonal, edits)
        while x > start:
            x, y = x - 1, y - 1
            found.append((x, y))
        if _is_down(trace[edits], diagonal, edits):
            y -= 1
        else:
            x -= 1
    return found[::-1]


def _fixed(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Give lines that are unique in both, as many as keep their order (the longest increasing run)."""
    counts, others = Counter(old), Counter(new)
    places = {line: place for place, line in enumerate(new) if others[line] == 1 and counts[line] == 1}
    unique = [(place, places[line]) for place, line in enumerate(old) if line in places]
    tops: list[int] = []
    chain: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(unique):
        pile = bisect_left(tops, place)
        before.append(chain[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(place)
            chain.append(number)
        else:
            tops[pile], chain[pile] = place, number
    found: list[tuple[int, int]] = []
    number = chain[-1] if chain else -1
    while number >= 0:
        found.append(unique[number])
        number = before[number]
    return found[::-1]
