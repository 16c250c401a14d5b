"""The numbers of a chart from a file of the workspace, by the reader of `data_view`."""

import tempfile
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from skills.report.chart.bins import Bins, bins_of_column
from skills.report.chart.frame import MOST_POINTS, Frame, numbers, placed, spread
from skills.report.chart.wish import Wish
from skills.report.data.answer import Answer, answer
from skills.report.data.condition import condition
from skills.report.data.engine import Engine
from skills.report.data.opening import open_table
from skills.report.data.question import Question
from skills.report.data.table import Table
from skills.report.script import Unusable, seed

_STEPS = ("year", "quarter", "month", "week", "day", "hour")
_TOTALS = ("count", "sum", "mean", "avg", "min", "max", "median", "distinct")


def frame_of_file(wish: Wish) -> Frame | Bins:
    """Read what the chart needs; raises Unusable."""
    with tempfile.TemporaryDirectory(dir=".") as spill, closing(Engine(Path(spill))) as engine:
        table = open_table(Path(wish.path), wish.table or None, engine)
        if wish.kind == "histogram":
            name = wish.y[0] if wish.y else wish.x or _first_number(table)
            return bins_of_column(table, table.column(name), condition(wish.where, table), engine)
        return _frame(wish, table, engine)


def _frame(wish: Wish, table: Table, engine: Engine) -> Frame:
    x = wish.x or table.columns[0].name
    ys = wish.y or (("count",) if wish.kind == "heatmap" else (_first_number(table, but=x),))
    keys = tuple(name for name in (x, wish.series) if name)
    grouped = _is_call(x, _STEPS) or any(_is_call(name, _TOTALS) or name == "count" for name in ys)
    question = Question(
        select=ys if grouped else (*keys, *ys),
        where=wish.where,
        group=keys if grouped else (),
        pick="sample" if wish.kind == "scatter" else "first",
    )
    found = answer(table, question, engine, seed(), most=MOST_POINTS, values=True)
    if not found.rows:
        raise Unusable("There are no rows to draw.", "Check the filter." if wish.where else "Check the file.")
    if found.of is None and wish.kind != "scatter":
        raise Unusable(f"There are more than {MOST_POINTS:,} points to draw.", "Group them: x=month(date), y=sum(…).")
    return _of_answer(found, len(keys), wish)


def _of_answer(found: Answer, keys: int, wish: Wish) -> Frame:
    names = [column.name for column in found.columns]
    columns = [[_plain(row[index]) for row in found.rows] for index in range(len(names))]
    values = {name: numbers(name, cells) for name, cells in zip(names[keys:], columns[keys:], strict=True)}
    if not values:
        raise Unusable("There is nothing to draw beside the values across.", "Name a column of numbers as y.")
    first = next(iter(values))
    if wish.series and wish.kind != "scatter":
        return spread(columns[0], columns[1], values[first], names[0], first)
    kind, across = placed(columns[0])
    if wish.series:
        # A cloud of points: each series has its own, and none of the others'.
        different = dict.fromkeys(str(name) for name in columns[1])
        own = {
            each: tuple(v if str(n) == each else None for v, n in zip(values[first], columns[1], strict=True))
            for each in different
        }
        return Frame(kind, across, own, names[0], first)
    return Frame(kind, across, values, names[0], first if len(values) == 1 else "")


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | float | datetime) else str(value)


def _is_call(name: str, functions: tuple[str, ...]) -> bool:
    return name.partition("(")[0].strip().lower() in functions and name.rstrip().endswith(")")


def _first_number(table: Table, but: str = "") -> str:
    for column in table.columns:
        if column.kind == "number" and column.name != but:
            return column.name
    raise Unusable("The file has no column of numbers to draw.", "Name what is drawn as y, such as count.")
