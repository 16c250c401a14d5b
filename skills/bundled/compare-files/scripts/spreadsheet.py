"""All differences as CSV, safe to open in a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterator

from comparison import Comparison, Row

from skills.report.visible import visible

_HEADINGS = ("change", "where", "column", "before", "after")
_NUMBER = re.compile(r"[-+]?[\d.,\s]*\d%?")
# A spreadsheet takes a cell that begins like this for a formula, and runs it.
_FORMULA = ("=", "+", "-", "@")


def spreadsheet(found: Comparison) -> str:
    """Give every difference as a line: a cell that changed, and the cells of rows and the lines that came or went."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEADINGS)
    for line in _lines(found):
        writer.writerow([_harmless(cell) for cell in line])
    return out.getvalue()


def _lines(found: Comparison) -> Iterator[tuple[str, str, str, str, str]]:
    for hunk in found.hunks:
        for step, line in enumerate(hunk.removed):
            yield "removed", f"line {hunk.before + step}", "", line, ""
        for step, line in enumerate(hunk.added):
            yield "added", f"line {hunk.after + step}", "", "", line
    if found.tables is None:
        return
    for change in found.changed:
        for column, before, after in change.cells:
            yield "changed", change.key, column, before, after
    for row in found.added:
        yield from (("added", row.key, name, "", cell) for name, cell in _cells(row, found.tables[1].names))
    for row in found.removed:
        yield from (("removed", row.key, name, cell, "") for name, cell in _cells(row, found.tables[0].names))


def _cells(row: Row, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    return ((name, cell) for name, cell in zip(names, row.cells, strict=True) if cell)


def _harmless(cell: str) -> str:
    shown = visible(cell)
    return f"'{shown}" if shown.startswith(_FORMULA) and not _NUMBER.fullmatch(shown) else shown
