"""What is asked of a table: which columns, rows and groups."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from skills.report.data.table import Column, Kind, Table
from skills.report.script import Unusable
from skills.report.visible import clipped, one_line

MOST_ROWS = 1000
_MOST_COLUMNS = 200
_PICKS = ("first", "last", "sample")
_CALL = re.compile(r"\s*(\w+)\s*\(\s*(.*?)\s*\)\s*", re.S)
_ORDER = re.compile(r"(?P<minus>-)?\s*(?P<name>.+?)(?:\s+(?P<word>asc|desc))?", re.I | re.S)
_TOTALS = {
    "count": "count({})",
    "sum": "sum({})",
    "mean": "avg({})",
    "avg": "avg({})",
    "min": "min({})",
    "max": "max({})",
    "median": "approx_quantile({}, 0.5)",
    "distinct": "approx_count_distinct({})",
}
_STEPS = {
    "year": "strftime({}, '%Y')",
    "quarter": "strftime({0}, '%Y') || '-Q' || quarter({0})",
    "month": "strftime({}, '%Y-%m')",
    "week": "strftime(date_trunc('week', {}), '%Y-%m-%d')",
    "day": "strftime({}, '%Y-%m-%d')",
    "hour": "strftime({}, '%Y-%m-%d %H:00')",
}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, as it was written; empty texts and lists ask for nothing."""

    select: tuple[str, ...] = ()
    where: str = ""
    group: tuple[str, ...] = ()
    sort: str = ""
    rows: int = 20
    pick: str = "first"

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> "Question":
        """Take what is there of a request; raises Unusable for what cannot be."""
        rows = asked.get("rows")
        question = cls(
            select=tuple(map(str, asked.get("select") or ())),
            where=str(asked.get("where") or ""),
            group=tuple(map(str, asked.get("group") or ())),
            sort=str(asked.get("sort") or ""),
            rows=20 if rows is None else int(rows),
            pick=str(asked.get("pick") or "first"),
        )
        if not 1 <= question.rows <= MOST_ROWS:
            raise Unusable(f"rows={question.rows} is not possible.", f"Give 1 to {MOST_ROWS:,}.")
        if question.pick not in _PICKS:
            raise Unusable(f"pick={clipped(one_line(question.pick), 40)} is unknown.", f"Give {', '.join(_PICKS)}.")
        if len(question.select) + len(question.group) > _MOST_COLUMNS:
            raise Unusable("Too many columns were named.", f"Name at most {_MOST_COLUMNS}.")
        return question

    @property
    def plain(self) -> bool:
        """Tell whether nothing but an overview is asked for."""
        return self == Question(rows=self.rows)


@dataclass(frozen=True, slots=True)
class Output:
    """A column of the answer: its heading, its kind, its SQL, and whether it is of many rows at once."""

    name: str
    kind: Kind
    sql: str
    total: bool = False
    order: str = ""
    """By what it is sorted, where that is not the SQL itself."""


def outputs(table: Table, question: Question) -> list[Output]:
    """Give the columns of the answer; raises Unusable where names or totals do not fit."""
    groups = [_grouped(table, each) for each in question.group]
    chosen = [_selected(table, each) for each in question.select]
    if not groups and not chosen:
        return [_cell(column) for column in table.columns[:_MOST_COLUMNS]]
    if not groups and not any(each.total for each in chosen):
        return chosen
    single = [each.name for each in chosen if not each.total and each.name not in {group.name for group in groups}]
    if single:
        raise Unusable(
            f"{single[0]} has a value in each row, and the others are of many rows.",
            f"Use it in group, or ask for its sum, mean, min, max or count: sum({single[0]}).",
        )
    totals = [each for each in chosen if each.total] or [_COUNT]
    return [*groups, *totals]


def order(table: Table, question: Question, shown: Sequence[Output]) -> str:
    """Give the ORDER BY of the answer, or nothing; raises Unusable."""
    if not question.sort.strip():
        grouped = [output for output in shown if not output.total]
        return ", ".join(output.order or output.sql for output in grouped) if question.group else ""
    names = {output.name for output in shown} | {column.name for column in table.columns}
    # A name may hold a comma itself.
    parts = [question.sort] if _parts(question.sort)[0] in names else question.sort.split(",")
    return ", ".join(_ordered(table, question, shown, part) for part in parts if part.strip())


_COUNT = Output("count", "number", "count(*)", total=True)


def _parts(text: str) -> tuple[str, bool]:
    found = _ORDER.fullmatch(text.strip())
    if found is None:
        raise Unusable("The sort names no column.", "Write it as column or -column.")
    return found["name"].strip(), bool(found["minus"]) or (found["word"] or "").lower() == "desc"


def _ordered(table: Table, question: Question, shown: Sequence[Output], part: str) -> str:
    exact = next((output for output in shown if output.name == part.strip()), None)
    name, falling = (exact.name, False) if exact else _parts(part)
    found = exact or next((output for output in shown if output.name.casefold() == name.casefold()), None)
    if found is None and (question.group or any(output.total for output in shown)):
        found = _selected(table, name)
        if not found.total:
            raise Unusable(f"There are groups, so they cannot be sorted by {name}.", f"Sort by a total: sum({name}).")
    by = (found.order or found.sql) if found is not None else table.column(name).value
    return f"{by} {'DESC' if falling else 'ASC'} NULLS LAST"


def _cell(column: Column) -> Output:
    return Output(column.name, column.kind, column.shown, order=column.value)


def _selected(table: Table, text: str) -> Output:
    call = _call(table, text)
    if call is None:
        return _COUNT if text.strip().lower() == "count" and not _is_column(table, text) else _cell(table.column(text))
    function, inner = call
    if function not in _TOTALS:
        raise Unusable(f"{function}() is unknown.", f"There are {', '.join(_TOTALS)}.")
    if function == "count" and inner in ("", "*"):
        return _COUNT
    column = table.column(inner)
    name = f"{function}({column.name})"
    if function in ("count", "distinct"):
        return Output(name, "number", _TOTALS[function].format(column.shown), total=True)
    if function in ("sum", "mean", "avg", "median") and column.kind != "number":
        raise Unusable(f"{column.name} holds no numbers but {column.kind}s.", f"count({column.name}) counts them.")
    return Output(name, column.kind, _TOTALS[function].format(column.value), total=True)


def _grouped(table: Table, text: str) -> Output:
    call = _call(table, text)
    if call is None:
        column = table.column(text)
        if column.kind == "date":
            return Output(column.name, "date", f"coalesce(CAST({column.value} AS VARCHAR), {column.shown})")
        return Output(column.name, column.kind, column.shown, order=column.value)
    function, inner = call
    if function not in _STEPS:
        raise Unusable(f"One cannot group by {function}().", f"By a column, or by {', '.join(_STEPS)} of a date.")
    column = table.column(inner)
    if column.kind != "date":
        raise Unusable(f"{column.name} holds no dates, so there is no {function} in it.", "Group by the column itself.")
    return Output(f"{function}({column.name})", "date", _STEPS[function].format(column.value))


def _call(table: Table, text: str) -> tuple[str, str] | None:
    found = _CALL.fullmatch(text)
    if found is None or _is_column(table, text):
        return None
    return found[1].lower(), found[2].strip("\"'`")


def _is_column(table: Table, text: str) -> bool:
    return any(column.name == text for column in table.columns)
