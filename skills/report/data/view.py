"""The program behind `data_view`: one question about one file, as JSON on standard input; text on standard output."""

import json
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from skills.report.data.answer import Answer, answer
from skills.report.data.engine import Engine
from skills.report.data.opening import open_table
from skills.report.data.overview import MOST_COLUMNS, Profile, figure, overview
from skills.report.data.question import Question
from skills.report.data.table import Table, named
from skills.report.quantity import counted, size
from skills.report.script import run, seed
from skills.report.visible import clipped, one_line, visible

ROOM = 12_000
"""Characters of an answer."""

_FEW = 5
_CELL = 100
_LEAST_CELL = 24


def main() -> str:
    """Answer the question on standard input."""
    asked = json.load(sys.stdin)
    with tempfile.TemporaryDirectory(dir=".") as spill, closing(Engine(Path(spill))) as engine:
        question = Question.of(asked)
        table = open_table(Path(asked["path"]), asked.get("table"), engine)
        if question.plain:
            return _overview(table, question, engine, given=asked.get("rows") is not None)
        return _answered(table, answer(table, question, engine, seed()), question)


def _overview(table: Table, question: Question, engine: Engine, *, given: bool) -> str:
    rows, profiles = overview(table, engine)
    head = f"{_title(table)}: {counted(rows, 'row')} × {counted(len(table.columns), 'column')}"
    said = [head, *table.remarks, *_profiles(profiles, rows)]
    hidden = table.columns[MOST_COLUMNS:]
    if hidden:
        said.append(f"Further columns: {named(hidden)}.")
    few = Question(rows=question.rows if given else _FEW)
    found = answer(table, few, engine, seed())
    text = "\n".join(said)
    return f"{text}\nFirst rows:\n{_rows(found, ROOM - len(text))}"


def _answered(table: Table, found: Answer, question: Question) -> str:
    head = f"{_title(table)}: {_how_many(found, question)}"
    if not found.rows:
        return head
    text = "\n".join((head, *table.remarks))
    return f"{text}\n{_rows(found, ROOM - len(text))}"


def _how_many(found: Answer, question: Question) -> str:
    groups = bool(question.group)
    shown = counted(len(found.rows), "group" if groups else "row")
    if not found.rows:
        return "no rows fit." if question.where else "no rows."
    if found.of is None:
        return (
            f"{shown} drawn at random" if question.pick == "sample" else f"the {question.pick} {shown}, there are more"
        )
    if found.of > len(found.rows):
        which = question.pick if question.pick != "sample" else ""
        return f"the {which} {shown} of {found.of:,}"
    return shown


def _title(table: Table) -> str:
    return f"{visible(table.title)}, {table.about}, {size(table.size)}"


def _profiles(profiles: Sequence[Profile], rows: int) -> list[str]:
    lines = ["column | kind | missing | distinct | values"]
    for profile in profiles:
        about = "≈" if profile.distinct > 20 else ""
        odd = f" ({profile.odd:,} other)" if profile.odd else ""
        kind = profile.column.kind if profile.missing < rows else "empty"
        cells = (
            clipped(one_line(profile.column.name), 60),
            f"{kind}{odd}",
            f"{profile.missing:,}",
            f"{about}{profile.distinct:,}",
            profile.values,
        )
        lines.append(" | ".join(cells).rstrip(" |"))
    return lines


def _rows(found: Answer, room: int) -> str:
    """Give as many rows as there is room for; long cells are cut the more, the more columns there are."""
    width = max(_LEAST_CELL, min(_CELL, 1200 // max(1, len(found.columns))))
    lines = [" | ".join(clipped(one_line(column.name), 60) for column in found.columns)]
    left = room - len(lines[0])
    for number, row in enumerate(found.rows):
        line = " | ".join(_cell(value, width) for value in row)
        left -= len(line) + 1
        if left < 0:
            more = len(found.rows) - number
            lines.append(
                f"… {counted(more, 'more row')} left out; name fewer columns with select, or filter with where."
            )
            break
        lines.append(line)
    return "\n".join(lines)


def _cell(value: Any, width: int) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return figure(value)
    return clipped(one_line(str(value).removesuffix(" 00:00:00")), width)


if __name__ == "__main__":
    run(main)
