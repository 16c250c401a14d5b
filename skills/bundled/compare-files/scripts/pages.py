"""The pages of a comparison."""

from collections.abc import Iterator, Sequence

import content
from comparison import Comparison, Row
from findings import amount, findings, reading

from skills.report.blocks import Block, Bullets, Charts, Column, Document, Paragraph, Section, Table
from skills.report.charts import bar_chart
from skills.report.grid import grid
from skills.report.quantity import counted, day, minute
from skills.report.visible import breakable, clipped, visible

_CHANGES, _ROWS, _COLUMNS, _LINES = 300, 100, 16, 400
_RUN = 26


def document(found: Comparison, created: int) -> Document:
    """Compose the report; what it does not show is in the CSV beside it."""
    sections = [Section("What is different", (Bullets(findings(found)),))]
    if found.tables is not None:
        sections += _tables(found, *found.tables)
    elif found.hunks:
        sections.append(Section("Lines", tuple(_lines(found))))
    sections.append(Section("How they were compared", (Bullets(reading(found)),)))
    return Document(
        label="Differences",
        title=breakable(clipped(f"{found.before.name} → {found.after.name}", 120), 30),
        subtitle=f"Prepared on {minute(created)}",
        figures=_figures(found),
        sections=tuple(sections),
        footer=f"Differences · {day(created)}",
        created=created,
    )


def _figures(found: Comparison) -> tuple[tuple[str, str], ...]:
    if found.tables is None:
        added = sum(len(hunk.added) for hunk in found.hunks)
        removed = sum(len(hunk.removed) for hunk in found.hunks)
        return ((f"{added:,}", "lines added"), (f"{removed:,}", "lines removed"), (f"{found.same:,}", "the same"))
    return (
        (f"{len(found.added):,}", "rows added"),
        (f"{len(found.removed):,}", "rows removed"),
        (f"{len(found.changed):,}", "rows changed"),
        (f"{found.same:,}", "the same"),
    )


def _tables(found: Comparison, before: content.Table, after: content.Table) -> Iterator[Section]:
    if found.totals:
        yield Section("Totals", (_totals(found),))
    if found.changed:
        yield Section("Changed rows", tuple(_changes(found)))
    for title, rows, table in (
        ("Added rows", found.added, after),
        ("Removed rows", found.removed, before),
    ):
        if rows:
            yield _rows(title, rows, table.names)


def _totals(found: Comparison) -> Table:
    columns = (Column("Column"), *(Column(title, "right", 110) for title in ("Before", "After", "Change")))
    rows = tuple(
        (_cell(total.column), *(amount(total, which) for which in ("before", "after", "change")))
        for total in found.totals
    )
    return Table(columns, rows, strong=True)


def _changes(found: Comparison) -> Iterator[Block]:
    counts = found.by_column()
    if len(counts) > 1:
        bars = [(breakable(clipped(visible(name), 32), 14), f"{count:,}", float(count)) for name, count in counts[:12]]
        yield Charts((bar_chart("Changed cells", "By column", bars, wide=True),))
    columns = (Column("Row", "left", 110), Column("Column", "left", 100), Column("Before"), Column("After"))
    cells = [(change.key, *cell) for change in found.changed for cell in change.cells]
    yield Table(columns, tuple(tuple(map(_cell, row)) for row in cells[:_CHANGES]))
    yield from _rest(len(cells) - _CHANGES, "changed cell")


def _rows(title: str, rows: Sequence[Row], names: Sequence[str]) -> Section:
    shown = [visible(name) for name in names[:_COLUMNS]]
    cells = [[visible(cell) for cell in row.cells[:_COLUMNS]] for row in rows[:_ROWS]]
    laid = grid(shown, ["left"] * len(shown), cells)
    blocks: list[Block] = [*laid.tables, *_rest(len(rows) - _ROWS, "row")]
    if len(names) > _COLUMNS:
        blocks += _rest(len(names) - _COLUMNS, "column")
    return Section(title, tuple(blocks), laid.landscape)


def _lines(found: Comparison) -> Iterator[Block]:
    columns = (Column("Before", "right", 44), Column("After", "right", 44), Column("", "left", 14), Column("Line"))
    rows: list[tuple[str, str, str, str]] = []
    for hunk in found.hunks:
        rows += [(f"{hunk.before + step:,}", "", "−", _cell(line)) for step, line in enumerate(hunk.removed[:_LINES])]
        rows += [("", f"{hunk.after + step:,}", "+", _cell(line)) for step, line in enumerate(hunk.added[:_LINES])]
        if len(rows) > _LINES:
            break
    total = sum(len(hunk.removed) + len(hunk.added) for hunk in found.hunks)
    yield Table(columns, tuple(rows[:_LINES]))
    yield from _rest(total - min(_LINES, len(rows)), "line")


def _rest(count: int, noun: str) -> Iterator[Block]:
    if count > 0:
        yield Paragraph(f"{counted(count, f'more {noun}')}; all are in the CSV file.", quiet=True)


def _cell(text: str) -> str:
    return breakable(clipped(visible(text), 200), _RUN)
