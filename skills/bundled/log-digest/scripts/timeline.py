"""Lines over time, in bounded memory: bars get wider as the time that they span grows."""

from dataclasses import dataclass

# Each is a multiple of the one before, so that bars can be put together.
_WIDTHS = (1, 5, 10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800, 4 * 604_800, 52 * 604_800,
           520 * 604_800, 5200 * 604_800)  # fmt: skip
_ROOM = 4000


@dataclass(slots=True)
class Bar:
    """Lines, errors and warnings of one stretch of time."""

    lines: int = 0
    errors: int = 0
    warnings: int = 0

    def take_in(self, other: "Bar") -> None:
        """Add another."""
        self.lines += other.lines
        self.errors += other.errors
        self.warnings += other.warnings


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars side by side from `start` on, each `width` seconds wide, empty ones among them."""

    start: int
    width: int
    bars: tuple[Bar, ...]

    @property
    def span(self) -> int:
        """Give the seconds of all."""
        return self.width * len(self.bars)


class Timeline:
    """Collects bars."""

    def __init__(self) -> None:
        """Begin with the narrowest."""
        self._width = 0
        self._bars: dict[int, Bar] = {}

    def add(self, when: float, error: bool, warning: bool) -> None:
        """Count a line."""
        place = int(when // _WIDTHS[self._width])
        bar = self._bars.get(place)
        if bar is None:
            if len(self._bars) >= _ROOM and self._width < len(_WIDTHS) - 1:
                self._widen()
                self.add(when, error, warning)
                return
            bar = self._bars[place] = Bar()
        bar.lines += 1
        bar.errors += error
        bar.warnings += warning

    def bars(self, most: int) -> Bars | None:
        """Give at most `most` bars; None where no line had a time."""
        if not self._bars:
            return None
        low, high = (end * _WIDTHS[self._width] for end in (min(self._bars), max(self._bars)))
        fitting = [width for width in _WIDTHS[self._width :] if high // width - low // width < most]
        width = fitting[0] if fitting else _WIDTHS[-1]
        first = low // width
        bars = tuple(Bar() for _ in range(high // width - first + 1))
        for place, bar in self._bars.items():
            bars[place * _WIDTHS[self._width] // width - first].take_in(bar)
        return Bars(first * width, width, bars)

    def _widen(self) -> None:
        ratio = _WIDTHS[self._width + 1] // _WIDTHS[self._width]
        self._width += 1
        wider: dict[int, Bar] = {}
        for place, bar in self._bars.items():
            wider.setdefault(place // ratio, Bar()).take_in(bar)
        self._bars = wider
