"""Charts as data: positions are already computed (0 to 1), the template only draws them.

Typst draws them itself: its text shaping covers scripts that plotting libraries break (Arabic, Devanagari), the letters
stay searchable, and a report needs no second of imports.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from skills.report.quantity import rounded


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where (0 to 1) and its label."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """Horizontal bars: label, text beside the bar, length (0 to 1)."""

    title: str
    note: str
    bars: tuple[tuple[str, str, float], ...]
    wide: bool = False
    kind: str = field(default="bars", init=False)


@dataclass(frozen=True, slots=True)
class Histogram:
    """Upright bars side by side, heights from 0 to 1, with ticks below and at the left."""

    title: str
    note: str
    heights: tuple[float, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    wide: bool = False
    kind: str = field(default="histogram", init=False)


@dataclass(frozen=True, slots=True)
class LineChart:
    """A line through points (x, y from 0 to 1); `base` is where zero lies, or the foot of the chart."""

    title: str
    note: str
    points: tuple[tuple[float, float], ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    base: float = 0.0
    wide: bool = True
    kind: str = field(default="line", init=False)


Chart = BarChart | Histogram | LineChart


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale from `low` to `high` with ticks at round numbers."""

    low: float
    high: float
    ticks: tuple[Tick, ...]

    def at(self, value: float) -> float:
        """Give where `value` lies, 0 to 1."""
        # Halves, so that the span of the largest floats does not overflow.
        span = self.high / 2 - self.low / 2
        return min(1.0, max(0.0, (value / 2 - self.low / 2) / span)) if span > 0 else 0.0


def axis(low: float, high: float, wanted: int = 4, zero: bool = True) -> Axis:
    """Give an axis that covers `low` to `high` (and zero, where `zero`) in about `wanted` round steps."""
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if not high > low:
        low, high = (low - 1, high + 1) if low else (0.0, 1.0)
    step = _round_step(high / wanted - low / wanted)
    first, last = math.floor(low / step), math.ceil(high / step)
    bottom, top = first * step, last * step
    if not (math.isfinite(bottom) and math.isfinite(top) and top > bottom):
        return Axis(low, high, (Tick(0.0, rounded(low)), Tick(1.0, rounded(high))))
    empty = Axis(bottom, top, ())
    values = [index * step for index in range(first, last + 1)]
    return Axis(bottom, top, tuple(Tick(empty.at(value), rounded(value)) for value in values))


def bar_chart(title: str, note: str, bars: Sequence[tuple[str, str, float]], wide: bool = False) -> BarChart:
    """Give bars of label, text and amount, scaled to the largest; amounts below zero have no length."""
    largest = max((amount for _, _, amount in bars), default=0.0)
    scaled = tuple(
        (label, text.replace(" ", "\u00a0"), max(0.0, amount / largest) if largest > 0 else 0.0)
        for label, text, amount in bars
    )
    return BarChart(title, note, scaled, wide)


def round_ticks(low: float, high: float, wanted: int = 5) -> tuple[Tick, ...]:
    """Give ticks at round numbers for a scale that ends where its data ends."""
    span = high / 2 - low / 2
    if not (span > 0 and math.isfinite(span)):
        return ()
    step = _round_step(high / wanted - low / wanted)
    values = (index * step for index in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1))
    return tuple(Tick((value / 2 - low / 2) / span, rounded(value)) for value in values)


def _round_step(rough: float) -> float:
    if not (rough > 0 and math.isfinite(rough)):
        return 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    if power == 0.0:
        return rough
    return next((factor * power for factor in (1, 2, 2.5, 5) if factor * power >= rough * 0.999), 10 * power)
