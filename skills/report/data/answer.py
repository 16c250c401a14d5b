"""The rows that answer a question."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from skills.report.data.condition import condition
from skills.report.data.engine import TABLE, Engine, Row
from skills.report.data.question import Output, Question, order, outputs
from skills.report.data.table import Table


@dataclass(frozen=True, slots=True)
class Answer:
    """The columns and rows; `of` is how many rows or groups there are in all, None where that was not counted."""

    columns: tuple[Output, ...]
    rows: tuple[Row, ...]
    of: int | None


def answer(
    table: Table, question: Question, engine: Engine, seed: int, *, most: int | None = None, values: bool = False
) -> Answer:
    """Ask; raises Unusable.

    `most` is how many rows are given where it is not the question that says so. With `values` cells are numbers and
    times where they hold them, else texts as they are written.
    """
    shown = outputs(table, question)
    if values:
        shown = [replace(output, sql=output.order or output.sql) for output in shown]
    filtered = condition(question.where, table)
    ordered = order(table, question, shown)
    limit = question.rows if most is None else most
    if question.group or any(output.total for output in shown):
        return _grouped(table, shown, filtered, ordered, limit, engine)
    cells = ", ".join(output.sql for output in shown)
    query = f"SELECT {cells} FROM {TABLE} WHERE {filtered}"
    if question.pick == "sample":
        query = f"SELECT * FROM ({query}) USING SAMPLE reservoir({limit} ROWS) REPEATABLE ({seed % 2**31})"
        return Answer(tuple(shown), tuple(engine.rows(table.relation, query)), None)
    if question.pick == "last":
        return _last(table, shown, filtered, ordered, limit, engine)
    query += f" ORDER BY {ordered}" if ordered else ""
    rows = engine.rows(table.relation, f"{query} LIMIT {limit + 1}")
    return Answer(tuple(shown), tuple(rows[:limit]), len(rows) if len(rows) <= limit else None)


def _grouped(table: Table, shown: Sequence[Output], filtered: str, ordered: str, limit: int, engine: Engine) -> Answer:
    cells = ", ".join(output.sql for output in shown)
    keys = [output for output in shown if not output.total]
    by = ", ".join(dict.fromkeys(part for key in keys for part in (key.sql, key.order) if part))
    # The groups are counted beside them: a window over all of them is made before the limit.
    query = f"SELECT {cells}, count(*) OVER () FROM {TABLE} WHERE {filtered}"
    query += f" GROUP BY {by}" if by else ""
    query += f" ORDER BY {ordered}" if ordered else ""
    rows = engine.rows(table.relation, f"{query} LIMIT {limit}")
    return Answer(tuple(shown), tuple(row[:-1] for row in rows), int(rows[0][-1]) if rows else 0)


def _last(table: Table, shown: Sequence[Output], filtered: str, ordered: str, limit: int, engine: Engine) -> Answer:
    ((count,),) = engine.rows(table.relation, f"SELECT count(*) FROM {TABLE} WHERE {filtered}")
    cells = ", ".join(output.sql for output in shown)
    query = f"SELECT {cells} FROM {TABLE} WHERE {filtered}"
    query += f" ORDER BY {ordered}" if ordered else ""
    rows = engine.rows(table.relation, f"{query} LIMIT {limit} OFFSET {max(0, count - limit)}")
    return Answer(tuple(shown), tuple(rows), int(count))
