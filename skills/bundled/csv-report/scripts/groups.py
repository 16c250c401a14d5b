"""Totals by day and by category, in bounded memory."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from measure import Values
from numpy.typing import NDArray

from skills.report.data.moment import DAY

_MOST_DAYS = 50_000
_MOST_GROUPS = 2000
_OTHER = "\0other"
# The finest bucket that leaves a line with at most so many points.
_MOST_POINTS = 62


@dataclass(frozen=True, slots=True)
class Series:
    """Totals over time: a step's name, and for each step its label, its rows and the sum of each measure."""

    step: str
    labels: tuple[str, ...]
    rows: tuple[int, ...]
    totals: tuple[tuple[float, ...], ...]
    finest: bool
    partial: str


@dataclass(slots=True)
class ByDay:
    """Adds up measures (columns by number) by the days of a date column."""

    dates: int
    measures: tuple[int, ...]
    _days: dict[int, list[float]] = field(default_factory=dict)
    overflowed: bool = False

    def add(self, moments: Values, measures: Sequence[Values]) -> None:
        """Add rows: seconds of each (NaN for none) and the measures' values."""
        there = np.isfinite(moments)
        if not there.any():
            return
        days, places = np.unique((moments[there] // DAY).astype(np.int64), return_inverse=True)
        sums: list[Values] = [_summed(places, np.ones(len(places)), len(days))]
        for values in measures:
            finite = np.where(np.isfinite(values[there]), values[there], 0.0)
            known = np.isfinite(values[there]).astype(np.float64)
            sums.append(_summed(places, finite, len(days)))
            sums.append(_summed(places, known, len(days)))
        for day, *added in zip(days.tolist(), *(part.tolist() for part in sums), strict=True):
            self._add(day, added)

    def series(self, means: Sequence[bool]) -> Series | None:
        """Give the totals by day, week, month, quarter or year, whichever fits; means for the measures that say so."""
        if len(self._days) < 2 or self.overflowed:
            return None
        first, last = min(self._days), max(self._days)
        step = next(name for name, length in _STEPS if (last - first) / length <= _MOST_POINTS or name == "decade")
        buckets: dict[int, list[float]] = {}
        for day in sorted(self._days):
            key = _bucket(day, step)
            bucket = buckets.setdefault(key, [0.0] * len(self._days[day]))
            for index, value in enumerate(self._days[day]):
                bucket[index] += value
        keys = range(min(buckets), max(buckets) + 1)
        empty = [0.0] * (1 + 2 * len(self.measures))
        rows = [buckets.get(key, empty) for key in keys]
        totals = tuple(
            tuple(_value(row[1 + 2 * index], row[2 + 2 * index], mean) for row in rows)
            for index, mean in enumerate(means)
        )
        finest = all(row[0] <= 1 for row in rows)
        labels = [_label(key, step) for key in keys]
        if step == "week":
            labels[0] = _label(first, "day")
        partial = _partial(first, last, step)
        return Series(step, tuple(labels), tuple(int(row[0]) for row in rows), totals, finest, partial)

    def _add(self, day: int, added: list[float]) -> None:
        known = self._days.get(day)
        if known is not None:
            for index, value in enumerate(added):
                known[index] += value
        elif len(self._days) < _MOST_DAYS:
            self._days[day] = added
        else:
            self.overflowed = True


@dataclass(slots=True)
class ByGroup:
    """Adds up a measure by the values of a category column."""

    category: int
    measure: int
    _groups: dict[str, tuple[float, int]] = field(default_factory=dict)

    def add(self, cells: Sequence[str], values: Values) -> None:
        """Add rows: the category's cells and the measure's values."""
        codes: dict[str, int] = {}
        places = np.fromiter((codes.setdefault(cell, len(codes)) for cell in cells), np.int64, len(cells))
        finite = np.where(np.isfinite(values), values, 0.0)
        sums = np.bincount(places, weights=finite, minlength=len(codes)).tolist()
        known = np.bincount(places, weights=np.isfinite(values), minlength=len(codes)).tolist()
        for name, total, count in zip(codes, sums, known, strict=True):
            key = name if name in self._groups or len(self._groups) < _MOST_GROUPS else _OTHER
            before, number = self._groups.get(key, (0.0, 0))
            self._groups[key] = (before + total, number + int(count))

    def totals(self, missing: frozenset[str]) -> list[tuple[str, float, int]]:
        """Give name, total and count of numbers for each group but the missing ones, largest total first."""
        there = [(name, total, count) for name, (total, count) in self._groups.items() if name not in missing]
        if any(name == _OTHER for name, _, _ in there):
            return []
        return sorted((group for group in there if group[2]), key=lambda group: (-group[1], group[0]))


def _summed(places: NDArray[np.int64], weights: Values, length: int) -> Values:
    return np.bincount(places, weights=weights, minlength=length).astype(np.float64)


_STEPS = (("day", 1.0), ("week", 7.0), ("month", 30.44), ("quarter", 91.31), ("year", 365.25), ("decade", 3652.5))
_QUARTERS = ("Q1", "Q2", "Q3", "Q4")
_MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _bucket(day: int, step: str) -> int:
    if step == "day":
        return day
    if step == "week":
        return (day - 1) // 7  # ordinal 1 was a Monday
    moment = date.fromordinal(day)
    return {
        "month": moment.year * 12 + moment.month - 1,
        "quarter": moment.year * 4 + (moment.month - 1) // 3,
        "year": moment.year,
        "decade": moment.year // 10,
    }[step]


def _label(key: int, step: str) -> str:
    if step in ("day", "week"):
        moment = date.fromordinal(key if step == "day" else key * 7 + 1)
        return f"{moment.day} {_MONTH_NAMES[moment.month - 1]} {moment.year}"
    if step == "month":
        return f"{_MONTH_NAMES[key % 12]} {key // 12}"
    if step == "quarter":
        return f"{_QUARTERS[key % 4]} {key // 4}"
    return str(key) if step == "year" else f"{key}0s"


def _partial(first: int, last: int, step: str) -> str:
    """Say which ends of the period are no whole step, for whoever would read a fall into them."""
    if step == "day":
        return ""
    ends = []
    if first > 1 and _bucket(first - 1, step) == _bucket(first, step):
        ends.append("first")
    if last < date.max.toordinal() and _bucket(last + 1, step) == _bucket(last, step):
        ends.append("last")
    return f" (the {' and '.join(ends)} may be incomplete)" if ends else ""


def _value(total: float, count: float, mean: bool) -> float:
    if not mean:
        return total
    return total / count if count else math.nan
