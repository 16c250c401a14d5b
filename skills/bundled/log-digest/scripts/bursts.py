"""Stretches of time with far more errors than usual, and what the errors in them say."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from level import BAD
from masking import masked
from patterns import Pattern, Patterns
from source import Source
from survey import Survey, entries

_BARS, _MOST = 400, 8
_LEAST = 8
_TIMES = 4


@dataclass(frozen=True, slots=True)
class Burst:
    """From `start` on (seconds, `end` not included), how many errors, and the most frequent of them."""

    start: int
    end: int
    errors: int
    leading: Pattern | None = None


def find_bursts(source: Source, found: Survey, now: int, report: Callable[[float], None]) -> tuple[Burst, ...]:
    """Give up to eight bursts in the order of time; reads the log again where there are any."""
    bars = found.timeline.bars(_BARS)
    if bars is None or len(bars.bars) < 3:
        return ()
    stretches = [
        Burst(bars.start + low * bars.width, bars.start + high * bars.width, errors)
        for low, high, errors in outstanding([bar.errors for bar in bars.bars])
    ]
    largest = sorted(sorted(stretches, key=lambda burst: (-burst.errors, burst.start))[:_MOST], key=_start)
    return _explained(source, largest, now, report) if largest else ()


def outstanding(errors: Sequence[int]) -> list[tuple[int, int, int]]:
    """Give the runs (from, to, sum) of counts far above the usual: four times the median and the mean, and eight."""
    bound = max(_LEAST, _TIMES * statistics.median(errors), _TIMES * statistics.fmean(errors))
    runs: list[tuple[int, int, int]] = []
    for place, count in enumerate(errors):
        if count < bound:
            continue
        if runs and runs[-1][1] == place:
            runs[-1] = (runs[-1][0], place + 1, runs[-1][2] + count)
        else:
            runs.append((place, place + 1, count))
    return runs


def _explained(source: Source, bursts: list[Burst], now: int, report: Callable[[float], None]) -> tuple[Burst, ...]:
    said = [Patterns(2000) for _ in bursts]
    for entry in entries(source, now, report):
        if entry.level not in BAD or entry.stamp is None:
            continue
        for burst, patterns in zip(bursts, said, strict=True):
            if burst.start <= entry.stamp.when < burst.end:
                patterns.add(entry.level, masked(entry.message), entry.message, entry.stamp.when)
    leading = [next(iter(patterns.most()), None) for patterns in said]
    return tuple(Burst(b.start, b.end, b.errors, most) for b, most in zip(bursts, leading, strict=True))


def _start(burst: Burst) -> int:
    return burst.start
