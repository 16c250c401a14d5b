"""A table at a glance: how many rows, and of each column its kind, what is missing, and what its values are like."""

from dataclasses import dataclass
from typing import Any

from skills.report.data.engine import TABLE, Engine, quoted
from skills.report.data.missing import MISSING
from skills.report.data.table import Column, Table
from skills.report.quantity import rounded
from skills.report.visible import clipped, one_line

MOST_COLUMNS = 60
_FREQUENT = 5


@dataclass(frozen=True, slots=True)
class Profile:
    """A column: how many cells are missing, how many are not of its kind, about how many differ, and its values."""

    column: Column
    missing: int
    odd: int
    distinct: int
    values: str


def overview(table: Table, engine: Engine) -> tuple[int, list[Profile]]:
    """Give the number of rows and the profiles of the first columns, in one pass over the file; raises Unusable."""
    columns = table.columns[:MOST_COLUMNS]
    wanted = ["count(*)", *(part for index, column in enumerate(columns) for part in _wanted(column, index))]
    cells = (f"{column.shown} AS s{index}, {column.value} AS v{index}" for index, column in enumerate(columns))
    # Each cell is read once, and then measured in several ways.
    query = f"SELECT {', '.join(wanted)} FROM (SELECT {', '.join(cells)} FROM {TABLE})"
    (row,) = engine.rows(table.relation, query)
    found = iter(row)
    rows = int(next(found))
    return rows, [_profile(column, rows, [next(found) for _ in _wanted(column, 0)]) for column in columns]


def _wanted(column: Column, index: int) -> list[str]:
    words = ", ".join(quoted(word) for word in sorted(MISSING) if word)
    value, shown = f"v{index}", f"s{index}"
    parts = [f"count({shown})", f"approx_count_distinct({shown})"]
    if column.kind == "text":
        return [*parts, f"approx_top_k({shown}, {_FREQUENT})"]
    # A word for "nothing" is no odd value.
    parts += [
        f"count_if({value} IS NULL AND {shown} IS NOT NULL AND trim({shown}) NOT IN ({words}))",
        f"count({value})",
        f"min({value})",
        f"max({value})",
    ]
    if column.kind == "number":
        parts += [f"avg({value})", f"approx_quantile({value}, [0.25, 0.5, 0.75])"]
    return parts


def _profile(column: Column, rows: int, found: list[Any]) -> Profile:
    present, distinct = int(found[0]), min(int(found[1]), int(found[0]))
    if column.kind == "text":
        return Profile(column, rows - present, 0, distinct, _texts(found[2] or [], distinct))
    odd, read, least, most = int(found[2]), int(found[3]), found[4], found[5]
    if not read:
        said = ""
    elif column.kind == "date":
        said = f"{_moment(least)} … {_moment(most)}"
    else:
        quartiles = ", ".join(figure(float(f"{value:.4g}")) for value in found[7])
        said = f"{figure(least)} … {figure(most)}, mean {figure(found[6])}, quartiles {quartiles}"
    return Profile(column, rows - odd - read, odd, distinct, said)


def _texts(values: list[str], distinct: int) -> str:
    shown = ", ".join(clipped(one_line(value), 30) for value in values)
    return f"{'' if distinct <= len(values) else 'often: '}{shown}"


def _moment(value: Any) -> str:
    return str(value).removesuffix(" 00:00:00")


def figure(value: float) -> str:
    """Give a number in full up to a million with at most six digits, and in a short form beyond."""
    if abs(value) >= 1e15:
        return rounded(value)
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,.2f}" if abs(value) >= 1000 else f"{value:.6g}"
