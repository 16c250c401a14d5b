"""Tables of separated cells: whatever the encoding, the separator and the number of cells in a row.

DuckDB reads the file itself where it reads the beginning as we do; else the rows are read here and handed to it.
"""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from skills.report.data.dialect import Dialect, column_names, has_headings, sniff
from skills.report.data.engine import TABLE, Engine, Feed, Relation, csv_source, piped, quoted
from skills.report.data.kinds import SAMPLE_ROWS, columns_of
from skills.report.data.source import LONGEST_LINE, Source
from skills.report.data.table import Table
from skills.report.script import Unusable
from skills.report.visible import BREAK

_MOST_COLUMNS = 2000
_MORE_COLUMNS = 10  # beyond what the first rows have: a stray row of 900 cells makes no 900 columns
_COMPARED = 200
_LONGEST_ROW = 400_000  # characters; what is beyond it is of no use in a table, and DuckDB holds 16 rows at once
_CHARACTERS = "utf-8", "utf-8-sig"


def open_csv(path: Path, engine: Engine) -> Table:
    """Look at the file; raises Unusable where it is no table."""
    csv.field_size_limit(2 * LONGEST_LINE)
    source = Source(path)
    dialect = sniff(source.sample)
    first = dialect.first_rows(source.sample)
    if not first:
        dialect = Dialect(dialect.delimiter, quoted=False)
        first = dialect.first_rows(source.sample)
    headed = has_headings(first)
    heading = first[0] if headed else None
    widest = max((len(row) for row in first), default=1)
    if widest > _MOST_COLUMNS:
        raise Unusable(f"“{source.name}” has {widest:,} columns.", "Check what separates its cells.")
    relation, width = _relation(source, dialect, headed, widest, engine)
    head = ", ".join(f"c{index}" for index in range(width))
    rows = engine.rows(relation, f"SELECT {head} FROM {TABLE} LIMIT {SAMPLE_ROWS}")
    texts = [[cell or "" for cell in row] for row in rows]
    width = max((index + 1 for row in texts for index, cell in enumerate(row) if cell), default=widest)
    names = [name.replace(BREAK, "") for name in column_names(heading, max(width, widest))]
    columns = columns_of(names, texts, dialect.delimiter == ";", engine)
    about = f"CSV ({dialect.name}, {source.alphabet.name}{'' if headed else ', no headings'})"
    return Table(path.name, about, source.bytes, relation, tuple(columns), tuple(_remarks(source, first, heading)))


def _relation(source: Source, dialect: Dialect, headed: bool, widest: int, engine: Engine) -> tuple[Relation, int]:
    width = widest + _MORE_COLUMNS if widest > 1 else 1
    careful = piped(width, _fed(source, dialect, headed, width))
    if source.alphabet.codec not in _CHARACTERS or source.alphabet.assumed or "\x00" in source.sample:
        return careful, width
    quote = '"' if dialect.quoted else ""
    marks = (f"delim={quoted(dialect.delimiter)}", f"quote='{quote}'", f"escape='{quote}'")
    skipped = (f"header={str(headed).lower()}", f"skip={int(_separator_line(source))}")
    quick = Relation(csv_source(engine.place(source.path), width, (*marks, *skipped)), instead=careful)
    return (quick if _same_beginning(quick, careful, width, engine) else careful), width


def _same_beginning(quick: Relation, careful: Relation, width: int, engine: Engine) -> bool:
    columns = ", ".join(f"nullif(c{index}, '')" for index in range(width))
    query = f"SELECT {columns} FROM {TABLE} LIMIT {_COMPARED}"
    return engine.rows(quick, query) == engine.rows(careful, query)


def _fed(source: Source, dialect: Dialect, headed: bool, width: int) -> Feed:
    def feed(file: BinaryIO) -> None:
        try:
            _write(source, dialect, headed, width, file)
        except csv.Error as problem:
            raise Unusable(f"“{source.name}” cannot be read as CSV: {problem}.", "Check its quotes.") from problem

    return feed


def _write(source: Source, dialect: Dialect, headed: bool, width: int, file: BinaryIO) -> None:
    heading = headed
    for row in dialect.read(source.lines()):
        if not row:
            continue
        if heading:
            heading = False
            continue
        write_row(row, width, file)


def write_row(row: Sequence[str], width: int, file: BinaryIO) -> None:
    """Write a row of so many cells as `piped` takes it; very long ones are cut."""
    longest = max(200, _LONGEST_ROW // width)
    cells = [cell[:longest] for cell in (*row[:width], *[""] * (width - len(row)))]
    line = ",".join('"' + cell.replace('"', '""') + '"' if _to_be_quoted(cell) else cell for cell in cells)
    file.write((line or '""').encode("utf-8", "replace") + b"\n")


def _to_be_quoted(cell: str) -> bool:
    return any(mark in cell for mark in ',"\n\r') or cell[:1] in " \t" or cell[-1:] in " \t"


def _separator_line(source: Source) -> bool:
    return source.sample.removeprefix("\ufeff")[:4].lower() == "sep="


def _remarks(source: Source, first: list[list[str]], heading: list[str] | None) -> list[str]:
    remarks = []
    if source.alphabet.assumed:
        remarks.append(f"The encoding {source.alphabet.name} is a guess.")
    usual = len(heading) if heading else max((len(row) for row in first), default=0)
    uneven = sum(1 for row in first if len(row) != usual)
    if uneven:
        remarks.append(
            f"{uneven:,} of the first {len(first):,} rows have more or fewer cells than the usual {usual:,}."
        )
    return remarks
