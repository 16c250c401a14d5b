"""How often values come: counted in bins of equal and round width."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from skills.report.charts import axis
from skills.report.data.engine import TABLE, Engine
from skills.report.data.table import Column, Table
from skills.report.quantity import counted
from skills.report.script import Unusable

_WANTED = 24


@dataclass(frozen=True, slots=True)
class Bins:
    """Bins from `low` on, each `width` wide, and how many values are in each."""

    name: str
    low: float
    width: float
    counts: tuple[int, ...]
    notes: tuple[str, ...] = ()


def bins_of_values(name: str, values: Sequence[float | None]) -> Bins:
    """Count values; raises Unusable where there are none."""
    there = [value for value in values if value is not None]
    if not there:
        raise Unusable(f"{name} has no numbers to count.", "Name a column of numbers.")
    low, width, number = _edges(min(there), max(there), len(there))
    counts = [0] * number
    for value in there:
        counts[min(number - 1, max(0, math.floor((value - low) / width)))] += 1
    return Bins(name, low, width, tuple(counts), (counted(len(there), "value"),))


def bins_of_column(table: Table, column: Column, condition: str, engine: Engine) -> Bins:
    """Count the values of a column in two passes over the file; raises Unusable where it has no numbers."""
    if column.kind != "number":
        raise Unusable(f"{column.name} holds no numbers but {column.kind}s.", "A histogram counts numbers.")
    value = column.value
    query = f"SELECT min({value}), max({value}), count({value}) FROM {TABLE} WHERE {condition}"
    ((least, most, count),) = engine.rows(table.relation, query)
    if not count:
        raise Unusable(f"{column.name} has no numbers to count.", "Check the filter, or name another column.")
    low, width, number = _edges(float(least), float(most), int(count))
    place = f"greatest(0, least({number - 1}, CAST(floor(({value} - {low!r}) / {width!r}) AS BIGINT)))"
    query = f"SELECT {place} AS bin, count(*) FROM {TABLE} WHERE ({condition}) AND {value} IS NOT NULL GROUP BY bin"
    found = {int(row[0]): int(row[1]) for row in engine.rows(table.relation, query)}
    counts = tuple(found.get(index, 0) for index in range(number))
    return Bins(column.name, low, width, counts, (counted(int(count), "value"),))


def _edges(least: float, most: float, count: int) -> tuple[float, float, int]:
    wanted = min(_WANTED, max(5, math.ceil(2 * count ** (1 / 3))))
    scale = axis(least, most, wanted, zero=False)
    width = (scale.high - scale.low) / max(1, len(scale.ticks) - 1)
    number = max(1, round((scale.high - scale.low) / width))
    # A value at the upper edge of the last bin would otherwise need one of its own.
    return scale.low, width, number
