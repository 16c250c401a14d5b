"""How a CSV file is written: what separates its cells, and whether its first row is headings."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from skills.report.data.amount import is_number
from skills.report.data.missing import MISSING
from skills.report.data.moment import is_date
from skills.report.visible import one_line

_DELIMITERS = {"\t": "tab", ";": "semicolon", "|": "pipe", ",": "comma"}
_ROWS = 200
_YEAR = re.compile(r"1[89]\d\d|2[01]\d\d")


@dataclass(frozen=True, slots=True)
class Dialect:
    """The separator of a file, and whether double quotes hold cells together."""

    delimiter: str
    quoted: bool = True

    @property
    def name(self) -> str:
        """Say the separator as a word."""
        return _DELIMITERS[self.delimiter]

    def read(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """Read lines as rows of cells."""
        if self.quoted:
            return csv.reader(lines, delimiter=self.delimiter)
        return csv.reader(lines, delimiter=self.delimiter, quoting=csv.QUOTE_NONE)

    def first_rows(self, sample: str) -> list[list[str]]:
        """Read the first rows of a sample, without the last where the sample may have cut it."""
        rows: list[list[str]] = []
        try:
            for row in self.read(io.StringIO(sample, newline="")):
                if row:
                    rows.append(row)
                if len(rows) > _ROWS:
                    break
        except csv.Error:
            return rows
        return rows[:-1] if len(rows) > 20 else rows


def sniff(sample: str) -> Dialect:
    """Choose the separator by which the most rows have the same number of cells; comma where there is none."""
    body = sample
    if body[:4].lower() == "sep=" and body[4:5] in _DELIMITERS:
        return Dialect(body[4])
    best, best_score = Dialect(","), 0.0
    for delimiter in _DELIMITERS:
        dialect = Dialect(delimiter)
        lengths = Counter(len(row) for row in dialect.first_rows(body))
        if not lengths:
            continue
        usual, rows = max(lengths.items(), key=lambda item: (item[1], item[0]))
        if usual < 2:
            continue
        # Rarer separators come first: a tie means that the comma is a decimal or part of the text.
        score = rows / sum(lengths.values())
        if score > best_score + 0.02:
            best, best_score = dialect, score
    return best


def has_headings(rows: list[list[str]]) -> bool:
    """Tell whether the first row names the columns: words above data, each another."""
    if not rows:
        return False
    first = [cell.strip() for cell in rows[0]]
    words = [cell for cell in first if cell]
    if not words:
        return False
    data = [cell for cell in words if is_number(cell) or is_date(cell)]
    if data:
        # A table by years: 2021, 2022, 2023 beside at least one word are names.
        return len(data) < len(words) and all(_YEAR.fullmatch(cell) for cell in data) and len(data) > 1
    if len(rows) == 1:
        return True
    return _differs_below(rows, first) or not _repeats_below(rows, first)


def column_names(first: list[str] | None, width: int) -> tuple[str, ...]:
    """Give `width` different names from a row of headings; empty ones become their numbers."""
    names: list[str] = []
    used: set[str] = set()
    for index in range(width):
        given = one_line(first[index])[:200] if first is not None and index < len(first) else ""
        base = given or (f"column {index + 1}" if first is not None else str(index + 1))
        name, count = base, 1
        while name in used:
            count += 1
            name = f"{base} ({count})"
        used.add(name)
        names.append(name)
    return tuple(names)


def _differs_below(rows: list[list[str]], first: list[str]) -> bool:
    for index, heading in enumerate(first):
        cells = [cell for row in rows[1:] if index < len(row) and (cell := row[index].strip()) not in MISSING]
        typed = sum(1 for cell in cells if is_number(cell) or is_date(cell))
        if heading and cells and typed > 0.7 * len(cells):
            return True
    return False


def _repeats_below(rows: list[list[str]], first: list[str]) -> bool:
    columns = [{row[index].strip() for row in rows[1:] if index < len(row)} for index in range(len(first))]
    return any(heading and heading in below for heading, below in zip(first, columns, strict=True))
