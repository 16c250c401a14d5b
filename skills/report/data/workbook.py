"""A sheet of an Excel workbook (.xlsx), row by row; formulas show the value that was saved with them."""

import warnings
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import BadZipFile

from skills.report.data.csv_table import write_row
from skills.report.data.dialect import column_names, has_headings
from skills.report.data.engine import Engine, Feed, piped
from skills.report.data.kinds import SAMPLE_ROWS, columns_of
from skills.report.data.table import Table
from skills.report.script import Unusable
from skills.report.visible import BREAK, clipped, one_line

_MOST_COLUMNS = 1000


def open_workbook(path: Path, wanted: str | None, engine: Engine) -> Table:
    """Look at the sheet `wanted`, or at the first; raises Unusable with the names."""
    sheets = _sheets(path)
    sheet = _chosen(path, wanted, sheets)
    first = [row for row, _ in zip(_rows(path, sheet), range(SAMPLE_ROWS), strict=False)]
    if not first:
        raise Unusable(f"The sheet “{sheet}” of “{path.name}” is empty.", f"There are: {', '.join(sheets[:50])}.")
    headed = has_headings(first[:200])
    width = max(len(row) for row in first)
    names = [name.replace(BREAK, "") for name in column_names(first[0] if headed else None, width)]
    columns = columns_of(names, first[headed:], False, engine)
    others = [each for each in sheets if each != sheet]
    remarks = [f"Other sheets (table= chooses): {', '.join(others[:50])}."] if others else []
    about = f"Excel sheet “{sheet}”{'' if headed else ', no headings'}"
    relation = piped(width, _fed(path, sheet, headed, width))
    return Table(path.name, about, path.stat().st_size, relation, tuple(columns), tuple(remarks))


def _fed(path: Path, sheet: str, headed: bool, width: int) -> Feed:
    def feed(file: BinaryIO) -> None:
        rows = _rows(path, sheet)
        if headed:
            next(rows, None)
        for row in rows:
            write_row(row, width, file)

    return feed


def _sheets(path: Path) -> list[str]:
    book = _opened(path)
    try:
        return [str(sheet.title) for sheet in book.worksheets]
    finally:
        book.close()


def _rows(path: Path, sheet: str) -> Iterator[list[str]]:
    """Give the rows that have anything in them."""
    book = _opened(path)
    try:
        page = book[sheet]
        page.reset_dimensions()  # what the file says of its own size is often wrong
        for cells in page.iter_rows(values_only=True, max_col=_MOST_COLUMNS):
            row = [_text(cell) for cell in cells]
            while row and not row[-1]:
                row.pop()
            if row:
                yield row
    except (BadZipFile, KeyError, ValueError, SyntaxError, EOFError) as problem:
        raise _unreadable(path, problem) from problem
    finally:
        book.close()


def _opened(path: Path) -> Any:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    warnings.simplefilter("ignore")  # of styles and extensions that are not shown
    try:
        return load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except (InvalidFileException, BadZipFile, KeyError, ValueError, SyntaxError, EOFError, AttributeError) as problem:
        raise _unreadable(path, problem) from problem


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time() != time() else value.date().isoformat()
    if isinstance(value, date | time | timedelta):
        return str(value)
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, float) and not value.is_integer() else str(_whole(value))


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and abs(value) < 2**53 else value


def _chosen(path: Path, wanted: str | None, sheets: list[str]) -> str:
    if not sheets:
        raise Unusable(f"“{path.name}” has no sheets with cells.", "Check that it is the workbook that is meant.")
    if wanted is None:
        return sheets[0]
    for sheet in sheets:
        if sheet.casefold() == wanted.casefold():
            return sheet
    shown = ", ".join(sheets[:50])
    raise Unusable(f"“{path.name}” has no sheet “{clipped(one_line(wanted), 80)}”.", f"There are: {shown}.")


def _unreadable(path: Path, problem: Exception) -> Unusable:
    why = clipped(one_line(str(problem)), 150) or type(problem).__name__
    return Unusable(f"“{path.name}” cannot be read as an Excel workbook: {why}.", "Save it as .xlsx or CSV again.")
