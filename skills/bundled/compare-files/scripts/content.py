"""A file as what can be compared: a table of texts, or lines."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from structure import document_rows, read_records

from skills.report.quantity import counted, size
from skills.report.script import Unusable
from skills.report.visible import visible

LARGEST = 25_000_000
_CELLS = 10_000_000
_TABLES = frozenset((".csv", ".tsv", ".tab"))
_RECORDS = frozenset((".json", ".jsonl", ".ndjson", ".geojson"))
_DELIMITERS = ("\t", ";", "|", ",")
_SAMPLE = 200_000
_ROWS = 200
_SHORT = 7
_NUMBER = re.compile(r"[-+]?[\d.,]+")
_MAGIC = (
    (b"PK\x03\x04", "an Excel workbook or another ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"SQLite format 3", "an SQLite database"),
    (b"PAR1", "a Parquet file"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells below different names; every row has a cell for every name."""

    names: tuple[str, ...]
    rows: list[tuple[str, ...]]
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """A file that was read: its name for showing, its text, its table where it is one, and what it is."""

    name: str
    text: str
    table: Table | None
    kind: str

    def lines(self) -> list[str]:
        """Give the lines without their ends."""
        found = [line.removesuffix("\r") for line in self.text.split("\n")]
        return found if found[-1] else found[:-1]

    @property
    def words(self) -> str:
        """Say what it is, and how much of it."""
        if self.table is None:
            return f"{self.kind}, {counted(len(self.lines()), 'line')}"
        return f"{self.kind}, {counted(len(self.table.rows), 'row')}"


def load(path: Path) -> Content:
    """Read a file; raises Unusable where it is too large or no text."""
    name = visible(path.name)
    length = path.stat().st_size
    if length > LARGEST:
        raise Unusable(
            f"“{name}” has {size(length)}; files of up to {size(LARGEST)} can be compared.",
            "Compare a part of it: fewer rows, or fewer columns.",
        )
    text = _decoded(path.read_bytes(), name)
    ending = path.suffix.lower()
    table, words = None, "lines of text"
    if ending in _RECORDS:
        table, words = _records(text, name)
    elif ending in _TABLES:
        table, words = _table(text, name)
    return Content(name, text, table, words)


def _decoded(data: bytes, name: str) -> str:
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise Unusable(f"“{name}” is {kind}, and cannot be compared as text.", "Export it as CSV, and attach that.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").removeprefix("\ufeff")
    if data.count(b"\0", 0, _SAMPLE) > 8:
        raise Unusable(f"“{name}” is a binary file, and cannot be compared as text.", "Export it as CSV or text.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _records(text: str, name: str) -> tuple[Table | None, str]:
    value = read_records(text, name)
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        flat = [dict(document_rows(item, nested=False)) for item in value]
        names = tuple(dict.fromkeys(key for row in flat for key in row))
        # So many cells would be empty that the table would be larger than the file by far.
        if len(names) * len(flat) <= _CELLS:
            rows = [tuple(row.get(key, "") for key in names) for row in flat]
            return Table(names, rows), "JSON, a list of objects"
    return Table(("path", "value"), list(document_rows(value)), ("path",)), "JSON, compared by paths"


def _table(text: str, name: str) -> tuple[Table, str]:
    csv.field_size_limit(LARGEST)
    body = text
    delimiter = ""
    if body[:4].lower() == "sep=" and body[4:5] in _DELIMITERS:
        delimiter, body = body[4], body.partition("\n")[2]
    delimiter = delimiter or _delimiter(body[:_SAMPLE])
    try:
        found = [row for row in csv.reader(io.StringIO(body, newline=""), delimiter=delimiter) if any(row)]
    except csv.Error as problem:
        raise Unusable(f"“{name}” cannot be read as a table: {problem}.", "Check its quotes and separators.") from None
    if not found:
        return Table((), []), "an empty table"
    width = max(Counter(map(len, found)).items(), key=lambda item: (item[1], item[0]))[0]
    longest = max(map(len, found))
    if longest <= 10 * width + 100:
        width = longest
    heading = not any(_NUMBER.fullmatch(cell.strip()) for cell in found[0])
    names = _names(found[0] if heading else [], width)
    # Values that repeat are kept once.
    known: dict[str, str] = {}
    rows = [
        tuple(known.setdefault(cell, cell) if len(cell) < _SHORT else cell for cell in _fitted(row, width))
        for row in found[heading:]
    ]
    separator = {"\t": "tabs", ";": "semicolons", "|": "pipes", ",": "commas"}[delimiter]
    return Table(names, rows), f"a table with {separator}{'' if heading else ' and no headings'}"


def _fitted(row: list[str], width: int) -> list[str]:
    return [cell.strip() for cell in row[:width]] + [""] * (width - len(row))


def _delimiter(sample: str) -> str:
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        lengths: Counter[int] = Counter()
        try:
            for number, row in enumerate(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)):
                if number > _ROWS:
                    break
                lengths[len(row)] += bool(row)
        except csv.Error:
            continue
        usual, rows = max(lengths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        score = rows / max(1, sum(lengths.values()))
        if usual > 1 and score > best_score + 0.02:
            best, best_score = delimiter, score
    return best


def _names(first: list[str], width: int) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for place in range(width):
        given = visible(" ".join(first[place].split()))[:200] if place < len(first) else ""
        base = given or f"column {place + 1}"
        name, count = base, 1
        while name in names:
            count += 1
            name = f"{base} ({count})"
        names[name] = None
    return tuple(names)
