"""Scales, linear, logarithmic or of time: where a value lies between 0 and 1, and the ticks that a reader needs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from skills.report.charts import Axis, Tick, axis, round_ticks
from skills.report.quantity import MONTHS, rounded
from skills.report.script import Unusable

_EPOCH = datetime(1970, 1, 1)
_HOUR, _DAY = 3600.0, 86_400.0
_MOST_TICKS = 8


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale; `at` gives the place of a value, beyond its ends too; `zero` where zero lies, if it does."""

    low: float
    high: float
    ticks: tuple[Tick, ...]
    log: bool = False

    def at(self, value: float) -> float:
        """Give the place of a value, 0 to 1."""
        if self.log:
            low, high, value = math.log10(self.low), math.log10(self.high), math.log10(value)
        else:
            low, high = self.low, self.high
        return min(1.0, max(0.0, (value / 2 - low / 2) / (high / 2 - low / 2)))

    @property
    def zero(self) -> float | None:
        """Give where zero lies, None where the scale does not reach it."""
        return self.at(0.0) if not self.log and self.low <= 0 <= self.high else None


def upright(values: Sequence[float], *, log: bool, zero: bool) -> Scale:
    """Give the scale for the values drawn; with `zero` it reaches zero; raises Unusable for logarithms of none."""
    if log:
        positive = [value for value in values if value > 0]
        if len(positive) < len(values) or not positive:
            raise Unusable("A logarithmic scale has no place for zero and for what is below it.", "Leave out log.")
        return _logarithmic(min(positive), max(positive))
    low, high = min(values, default=0.0), max(values, default=1.0)
    found: Axis = axis(low, high, 5, zero=zero or low <= 0 or low < 0.5 * high)
    return Scale(found.low, found.high, found.ticks)


def across(values: Sequence[float], *, dates: bool) -> Scale:
    """Give the scale for values across, ending where they end."""
    low, high = min(values), max(values)
    if not high > low:
        pad = _DAY if dates else abs(low) * 0.5 or 1.0
        low, high = low - pad, high + pad
    ticks = _of_time(low, high) if dates else round_ticks(low, high, 6)
    return Scale(low, high, ticks)


def _logarithmic(least: float, most: float) -> Scale:
    low, high = math.floor(math.log10(least)), math.ceil(math.log10(most))
    high = max(high, low + 1)
    if high > 300 or low < -300:
        raise Unusable("The numbers are too far apart or too large for a chart.", "Draw them in other units.")
    step = math.ceil((high - low) / 6)
    between = (1, 2, 5) if high - low <= 2 else (1,)
    values = [factor * 10.0**power for power in range(low, high, step) for factor in between] + [10.0**high]
    scale = Scale(10.0**low, 10.0**high, (), log=True)
    return Scale(10.0**low, 10.0**high, tuple(Tick(scale.at(value), rounded(value)) for value in values), log=True)


def _of_time(low: float, high: float) -> tuple[Tick, ...]:
    try:
        first, last = (_EPOCH + timedelta(seconds=seconds) for seconds in (low, high))
    except OverflowError:
        return ()
    span = high - low
    moments = _years(first, last) if span > 4 * 366 * _DAY else _months(first, last) if span > 62 * _DAY else ()
    if not moments:
        moments = _steps(first, last)
    return tuple(Tick(((moment - _EPOCH).total_seconds() - low) / span, _label(moment, span)) for moment in moments)


def _years(first: datetime, last: datetime) -> list[datetime]:
    years = last.year - first.year + 1
    step = next(step for step in (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 5000) if years / step <= _MOST_TICKS)
    # The year 1 is the first that a calendar has here.
    wanted = [datetime(year, 1, 1) for year in range(max(1, first.year - first.year % step), last.year + 1, step)]
    return [moment for moment in wanted if first <= moment <= last]


def _months(first: datetime, last: datetime) -> list[datetime]:
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next(step for step in (1, 2, 3, 6, 12) if months / step <= _MOST_TICKS)
    begin = first.year * 12 + first.month - 1
    numbers = range(begin - begin % step, last.year * 12 + last.month, step)
    wanted = [datetime(number // 12, number % 12 + 1, 1) for number in numbers]
    return [moment for moment in wanted if first <= moment <= last]


def _steps(first: datetime, last: datetime) -> list[datetime]:
    span = (last - first).total_seconds()
    lengths = (1, 5, 15, 30, 60, 300, 900, 1800, _HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR, _DAY, 2 * _DAY, 7 * _DAY)
    step = next((length for length in (*lengths, 14 * _DAY) if span / length <= _MOST_TICKS), 30 * _DAY)
    begin = math.ceil((first - _EPOCH).total_seconds() / step) * step
    count = math.floor(((last - _EPOCH).total_seconds() - begin) / step) + 1
    return [_EPOCH + timedelta(seconds=begin + index * step) for index in range(count)]


def _label(moment: datetime, span: float) -> str:
    if span > 4 * 366 * _DAY:
        return str(moment.year)
    month = MONTHS[moment.month - 1]
    if span > 62 * _DAY:
        return f"{month} {moment.year}"
    if span > 3 * _DAY:
        return f"{moment.day} {month}"
    clock = f"{moment.hour:02}:{moment.minute:02}" + (f":{moment.second:02}" if span < 120 else "")
    return clock if (moment.hour, moment.minute, moment.second) != (0, 0, 0) else f"{moment.day} {month}"
