"""Statistics of numbers that come in chunks, in bounded memory."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Distribution:
    """Numbers in short. Quartiles and `bins` (their edges are one more) come from a sample unless `exact`.

    Bins are equally wide; what lies beyond the outermost edges is counted in the outermost bins.
    """

    count: int
    low: float
    high: float
    mean: float
    deviation: float
    total: float
    quartiles: tuple[float, float, float]
    bins: tuple[int, ...]
    edges: tuple[float, ...]
    exact: bool
    beyond: int
    infinite: int


class Measure:
    """Adds up numbers; keeps up to `room` of them, drawn evenly (reservoir, algorithm R), for the quartiles."""

    def __init__(self, room: int, seed: int) -> None:
        """Keep up to `room` numbers."""
        self._room = room
        self._random = np.random.default_rng(seed)
        self._kept = np.empty(0, np.float64)
        self._count = self._infinite = 0
        # The extended range keeps sums and squares of the largest floats finite.
        self._total = np.longdouble(0)
        self._mean = np.longdouble(0)
        self._squares = np.longdouble(0)
        self._low, self._high = np.inf, -np.inf

    def add(self, values: Values) -> None:
        """Add numbers; NaN is none, infinite ones are only counted."""
        finite = values[np.isfinite(values)]
        self._infinite += int(np.isinf(values).sum())
        if not len(finite):
            return
        self._add_moments(finite)
        self._low = min(self._low, float(finite.min()))
        self._high = max(self._high, float(finite.max()))
        self._keep(finite)
        self._count += len(finite)

    def distribution(self, bins: int) -> Distribution | None:
        """Give the statistics, with a histogram of up to `bins` bars; None where there were no numbers."""
        if not self._count:
            return None
        kept = np.sort(self._kept)
        first, median, third = _quantiles(kept, 0.25, 0.5, 0.75)
        edges = _edges(kept, bins)
        heights, _ = np.histogram(np.clip(kept, edges[0], edges[-1]), edges)
        reach = 3 * (third - first)
        beyond = int(((kept < first - reach) | (kept > third + reach)).sum()) if reach > 0 else 0
        with np.errstate(all="ignore"):
            deviation = float(np.sqrt(self._squares / max(1, self._count - 1)))
        return Distribution(
            count=self._count,
            low=self._low,
            high=self._high,
            mean=float(self._mean),
            deviation=deviation,
            total=float(self._total),
            quartiles=(first, median, third),
            bins=tuple(int(height) for height in heights),
            edges=tuple(float(edge) for edge in edges),
            exact=len(kept) == self._count,
            beyond=beyond,
            infinite=self._infinite,
        )

    def _add_moments(self, finite: Values) -> None:
        """Merge the moments of a chunk (Chan et al. 1979)."""
        wide = finite.astype(np.longdouble)
        count = len(wide)
        total = wide.sum()
        mean = total / count
        with np.errstate(all="ignore"):
            squares = ((wide - mean) ** 2).sum()
            apart = mean - self._mean
            both = self._count + count
            self._squares += squares + apart * apart * self._count * count / both
        self._mean += apart * count / both
        self._total += total

    def _keep(self, finite: Values) -> None:
        fill = max(0, self._room - len(self._kept))
        if fill:
            self._kept = np.concatenate([self._kept, finite[:fill]])
        rest = finite[fill:]
        if len(rest):
            first = self._count + min(fill, len(finite)) + 1
            places = self._random.integers(0, np.arange(first, first + len(rest)))
            taken = places < self._room
            self._kept[places[taken]] = rest[taken]


def _quantiles(kept: Values, *shares: float) -> list[float]:
    # In the extended range, as the difference of two large floats may be beyond the common one.
    return [float(value) for value in np.quantile(kept.astype(np.longdouble), shares)]


def _edges(kept: Values, bins: int) -> Values:
    """Give the equally distant edges of a histogram at round numbers; the far ends of long tails lie beyond them."""
    low, high = float(kept[0]), float(kept[-1])
    inner_low, inner_high = _quantiles(kept, 0.01, 0.99)
    spread = inner_high - inner_low
    if spread > 0 and np.isfinite(spread):
        low = low if inner_low - low < spread else inner_low
        high = high if high - inner_high < spread else inner_high
    if not high > low or not np.isfinite(high - low):
        return np.array([float(kept[0]), float(np.nextafter(kept[-1], np.inf))]) if high > low else _around(low)
    whole = bool((kept == np.round(kept)).all()) and high - low < 1e9
    step = _step((high - low) / bins, whole)
    start = np.floor(low / step)
    count = max(1, int(np.ceil(high / step + (1e-9 if high / step != round(high / step) else 0)) - start))
    edges: Values = (start + np.arange(count + 1, dtype=np.float64)) * step
    if high >= edges[-1]:
        edges = np.append(edges, edges[-1] + step)
    return edges


def _around(value: float) -> Values:
    return np.array([value - max(0.5, abs(value) * 1e-6), value + max(0.5, abs(value) * 1e-6)])


def _step(rough: float, whole: bool) -> float:
    power = 10.0 ** np.floor(np.log10(rough))
    step = float(next((factor * power for factor in (1, 2, 5) if factor * power >= rough), 10 * power))
    return max(1.0, step) if whole else step
