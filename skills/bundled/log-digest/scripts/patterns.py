"""Masked messages and how often each came, in bounded memory."""

from collections.abc import Iterable
from dataclasses import dataclass

from level import LEVELS, Level

_ROOM = 20_000


@dataclass(slots=True)
class Pattern:
    """A masked message: how often, its first and last time (None without times), and one of its messages whole."""

    level: Level
    text: str
    example: str
    count: int = 0
    first: float | None = None
    last: float | None = None

    def add(self, when: float | None) -> None:
        """Count it once more."""
        self.count += 1
        if when is not None:
            self.first = when if self.first is None else min(self.first, when)
            self.last = when if self.last is None else max(self.last, when)


class Patterns:
    """Counts masked messages; what is rare is let go where there are too many, and `lost` says how many kinds."""

    def __init__(self, room: int = _ROOM) -> None:
        """Keep up to `room` kinds."""
        self._room = room
        self._kept: dict[tuple[Level, str], Pattern] = {}
        self.lost = 0

    def add(self, level: Level, text: str, example: str, when: float | None) -> None:
        """Count a message."""
        pattern = self._kept.get((level, text))
        if pattern is None:
            if len(self._kept) >= self._room:
                self._make_room()
            pattern = self._kept[level, text] = Pattern(level, text, example)
        pattern.add(when)

    def most(self, levels: Iterable[Level] = LEVELS) -> list[Pattern]:
        """Give those of some levels, the most frequent first."""
        wanted = frozenset(levels)
        found = (pattern for pattern in self._kept.values() if pattern.level in wanted)
        return sorted(found, key=lambda pattern: (-pattern.count, pattern.text, pattern.level))

    def kinds(self) -> int:
        """Give how many kinds are kept."""
        return len(self._kept)

    def _make_room(self) -> None:
        counts = sorted(pattern.count for pattern in self._kept.values())
        least = counts[len(counts) // 2]
        rare = [key for key, pattern in self._kept.items() if pattern.count <= least]
        # At least half goes, so that this is seldom; but never what is more frequent than the half.
        for key in rare:
            del self._kept[key]
        self.lost += len(rare)
