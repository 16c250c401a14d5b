"""Sums of the columns of numbers, before and after."""

import re
from dataclasses import dataclass
from decimal import Decimal

from content import Table

_NUMBER = re.compile(r"[-−]?\d{1,18}(?:[.,]\d{1,9})?")
_CODE = re.compile(r"[-−]?0\d+")
_MOST = 20


@dataclass(frozen=True, slots=True)
class Total:
    """A column's sum in both tables, and the decimals to show."""

    column: str
    before: Decimal
    after: Decimal
    decimals: int


def totals(first: Table, second: Table, skip: frozenset[str]) -> tuple[Total, ...]:
    """Give the totals of columns in which, in both tables, every cell is a number or empty."""
    found: list[Total] = []
    for name in first.names:
        if name in skip or name not in second.names or len(found) >= _MOST:
            continue
        sums = [_sum(table, table.names.index(name)) for table in (first, second)]
        if sums[0] is not None and sums[1] is not None:
            found.append(Total(name, sums[0][0], sums[1][0], max(sums[0][1], sums[1][1])))
    return tuple(found)


def _sum(table: Table, place: int) -> tuple[Decimal, int] | None:
    """Give a column's sum and its decimals; None where it is no column of numbers, or one of codes."""
    total, decimals, numbers = Decimal(0), 0, 0
    for row in table.rows:
        cell = row[place]
        if not cell:
            continue
        if not _NUMBER.fullmatch(cell) or _CODE.fullmatch(cell):
            return None
        plain = cell.replace("−", "-").replace(",", ".")
        total += Decimal(plain)
        decimals = max(decimals, len(plain.partition(".")[2]))
        numbers += 1
    return (total, decimals) if numbers else None
