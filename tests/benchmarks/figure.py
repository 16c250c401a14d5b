"""What a benchmark gives: the values of one thing, their unit, and what is wanted of them."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """Measured values of one thing.

    `most` is the bound that the product promises, held against the median, or against the greatest value where
    `strict`; None where nothing is promised.
    """

    name: str
    unit: str
    values: tuple[float, ...]
    most: float | None = None
    strict: bool = False

    @property
    def median(self) -> float:
        """Give the middle value."""
        return statistics.median(self.values)

    @property
    def holds(self) -> bool | None:
        """Say whether the promise is kept; None where there is none."""
        if self.most is None:
            return None
        return (max(self.values) if self.strict else self.median) <= self.most


def figure(name: str, unit: str, values: Sequence[float], most: float | None = None, *, strict: bool = False) -> Figure:
    """Make a figure of at least one value."""
    if not values:
        raise ValueError(f"nothing was measured for {name}")
    return Figure(name, unit, tuple(values), most, strict)


def ratio(name: str, above: Sequence[float], below: Sequence[float], most: float | None = None) -> Figure:
    """Divide what was measured side by side, round by round."""
    return figure(name, "x", [one / other for one, other in zip(above, below, strict=True)], most)
