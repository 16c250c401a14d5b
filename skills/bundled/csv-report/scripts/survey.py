"""The first pass over a file: counts its rows and draws a sample of them, from which all else is decided."""

import csv
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

from skills.report.data.dialect import Dialect, column_names, has_headings, sniff
from skills.report.data.source import LONGEST_LINE, Lines, Source
from skills.report.script import Unusable, progress

HEAD_ROWS = 500
_CHUNK_ROWS, _CHUNK_CHARACTERS = 8192, 8_000_000
_SAMPLE_CELLS, _LEAST_SAMPLE, _MOST_SAMPLE = 200_000, 300, 4000
_CLIP = 400
_MOST_COLUMNS = 1000
_MORE_COLUMNS = 20  # beyond the headings: a stray row of 900 cells makes no 900 columns


@dataclass(frozen=True, slots=True)
class Survey:
    """What the first pass found.

    `short` and `long` count rows with fewer or more cells than columns are named; `cut` those with cells beyond the
    last column that is kept. `head` are the first rows, `sample` rows drawn evenly from all, their cells clipped.
    """

    source: Source
    dialect: Dialect
    headed: bool
    names: tuple[str, ...]
    rows: int
    usual: int
    short: int
    long: int
    cut: int
    damaged: int
    head: tuple[tuple[str, ...], ...]
    sample: tuple[tuple[str, ...], ...]

    @property
    def whole(self) -> bool:
        """Tell whether the sample is all the rows."""
        return len(self.sample) == self.rows

    def chunks(self) -> Iterator[tuple[list[tuple[str, ...]], int]]:
        """Read the file again: columns of some thousand rows at a time, all of one length, and bytes read."""
        lines = self.source.lines()
        width = len(self.names)
        for rows in _chunks(lines, self.dialect, self.headed):
            even = set(map(len, rows)) == {width}
            level = rows if even else [(row + [""] * (width - len(row)))[:width] for row in rows]
            yield list(zip(*level, strict=True)), lines.position()


def survey(source: Source, seed: int) -> Survey:
    """Read the whole file once; a file whose double quotes do not pair up is read without their meaning."""
    csv.field_size_limit(2 * LONGEST_LINE)
    dialect = sniff(source.sample)
    try:
        pass_ = _Pass(source, dialect, seed)
    except csv.Error:
        return _Pass(source, Dialect(dialect.delimiter, quoted=False), seed).survey()
    if pass_.lines.quotes % 2 and pass_.swallowed:
        other = _Pass(source, Dialect(dialect.delimiter, quoted=False), seed)
        if other.short + other.long <= max(pass_.short + pass_.long, other.rows // 100):
            return other.survey()
    return pass_.survey()


class _Pass:
    """One pass; its counts."""

    def __init__(self, source: Source, dialect: Dialect, seed: int) -> None:
        self.source, self.dialect = source, dialect
        first = dialect.first_rows(source.sample)
        self.headed = has_headings(first)
        self.lines = source.lines()
        self.heading = first[0] if self.headed else None
        widths = sorted(len(row) for row in first)
        self.usual = len(self.heading) if self.heading else widths[len(widths) // 2] if widths else 1
        self.rows = self.short = self.long = self.cut = self.widest = 0
        self.swallowed = False
        self.head: list[list[str]] = []
        self._sample = _Reservoir(seed, self.usual)
        for chunk in _chunks(self.lines, dialect, self.headed):
            self._count(chunk)
            progress(5 + 35 * self.lines.position() / max(1, source.bytes), f"{self.rows:,} rows counted")

    def survey(self) -> Survey:
        width = max(self.usual, min(self.widest, self.usual + _MORE_COLUMNS))
        if width > _MOST_COLUMNS:
            raise Unusable(
                f"“{self.source.name}” has {width:,} columns; a report shows up to {_MOST_COLUMNS:,}.",
                "Check what separates the cells, or keep the columns that matter.",
            )
        return Survey(
            source=self.source,
            dialect=self.dialect,
            headed=self.headed,
            names=column_names(self.heading, width),
            rows=self.rows,
            usual=self.usual,
            short=self.short,
            long=self.long,
            cut=self.cut,
            damaged=self.lines.damaged,
            head=_even(self.head, width),
            sample=_even(self._sample.rows, width),
        )

    def _count(self, chunk: list[list[str]]) -> None:
        lengths = list(map(len, chunk))
        if set(lengths) != {self.usual}:
            self.short += sum(1 for length in lengths if length < self.usual)
            self.long += sum(1 for length in lengths if length > self.usual)
            self.cut += sum(1 for length in lengths if length > self.usual + _MORE_COLUMNS)
            self.widest = max(self.widest, *lengths)
        if self.lines.quotes % 2 and any("\n" in cell for cell in chunk[-1]):
            self.swallowed = True
        if len(self.head) < HEAD_ROWS:
            self.head.extend(_clip(row) for row in chunk[: HEAD_ROWS - len(self.head)])
        self._sample.add(chunk, self.rows)
        self.rows += len(chunk)


class _Reservoir:
    """An even sample of rows (Li's algorithm L: draws only for the rows that it takes)."""

    def __init__(self, seed: int, columns: int) -> None:
        self.rows: list[list[str]] = []
        self._size = min(_MOST_SAMPLE, max(_LEAST_SAMPLE, _SAMPLE_CELLS // max(1, columns)))
        self._random = random.Random(seed)  # noqa: S311 - a sample, no secret
        self._weight = 1.0
        self._next = self._size - 1
        self._skip()

    def add(self, chunk: list[list[str]], before: int) -> None:
        fill = max(0, self._size - before)
        self.rows.extend(_clip(row) for row in chunk[:fill])
        while self._next < before + len(chunk):
            if self._next >= before + fill:
                self.rows[self._random.randrange(self._size)] = _clip(chunk[self._next - before])
            self._skip()

    def _skip(self) -> None:
        self._weight *= math.exp(math.log(1 - self._random.random()) / self._size)
        gap = math.log(1 - self._random.random()) / math.log1p(-self._weight) if self._weight < 1 else 0
        self._next += int(gap) + 1


def _chunks(lines: Lines, dialect: Dialect, headed: bool) -> Iterator[list[list[str]]]:
    chunk: list[list[str]] = []
    limit = _CHUNK_CHARACTERS
    for row in dialect.read(lines):
        if not row:
            continue
        if headed:
            headed = False
            continue
        chunk.append(row)
        if len(chunk) >= _CHUNK_ROWS or lines.characters > limit:
            yield chunk
            chunk = []
            limit = lines.characters + _CHUNK_CHARACTERS
    if chunk:
        yield chunk


def _clip(row: list[str]) -> list[str]:
    return [cell[:_CLIP] for cell in row[:_MOST_COLUMNS]]


def _even(rows: list[list[str]], width: int) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple((row + [""] * (width - len(row)))[:width]) for row in rows)
