"""What is different between two files."""

import re
from collections import Counter
from dataclasses import dataclass, field

from content import Content, Table
from hunks import Hunk, hunks
from key import Key, choose
from totals import Total, totals

_DECIMAL = re.compile(r"(-?(?:0|[1-9]\d*)\.\d*?)0+")


@dataclass(frozen=True, slots=True)
class Row:
    """A row that only one of the tables has; `place` is its number in that one, from 1."""

    place: int
    key: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A row in which cells differ: column, before and after of each."""

    key: str
    cells: tuple[tuple[str, str, str], ...]


@dataclass(slots=True)
class Comparison:
    """Two files compared; as tables where there are some, else by lines."""

    before: Content
    after: Content
    tables: tuple[Table, Table] | None = None
    key: Key | None = None
    added: list[Row] = field(default_factory=list)
    removed: list[Row] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    hunks: list[Hunk] = field(default_factory=list)
    same: int = 0
    repeated: int = 0
    written_differently: int = 0
    new_columns: tuple[str, ...] = ()
    gone_columns: tuple[str, ...] = ()
    totals: tuple[Total, ...] = ()

    @property
    def equal(self) -> bool:
        """Tell whether nothing is different."""
        columns = self.new_columns or self.gone_columns
        return not (self.added or self.removed or self.changed or self.hunks or columns)

    def by_column(self) -> list[tuple[str, int]]:
        """Give the columns with changed cells and how many, the most first."""
        counts = Counter(column for change in self.changed for column, _, _ in change.cells)
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def compare(before: Content, after: Content, wanted: str) -> Comparison:
    """Compare as tables where both have a column in common, else by lines; raises Unusable for a key that is none."""
    found = Comparison(before, after)
    first, second = before.table, after.table
    if first is None or second is None or not set(first.names) & set(second.names):
        found.hunks, found.same = hunks(before.lines(), after.lines())
        return found
    found.tables = (first, second)
    found.new_columns = tuple(name for name in second.names if name not in first.names)
    found.gone_columns = tuple(name for name in first.names if name not in second.names)
    found.key = choose(first, second, wanted)
    if found.key is None:
        _by_rows(found, first, second)
    else:
        _by_key(found, found.key, first, second)
    skip = found.key.columns if found.key else ()
    found.totals = totals(first, second, frozenset(skip))
    return found


def key_words(key: tuple[str, ...]) -> str:
    """Give a key as one text."""
    return " · ".join(part or "(empty)" for part in key)


def _by_key(found: Comparison, key: Key, first: Table, second: Table) -> None:
    shared = [name for name in first.names if name in second.names and name not in key.columns]
    places = [(name, first.names.index(name), second.names.index(name)) for name in shared]
    keys = key.of(first)
    there = {one: (place, row) for place, (one, row) in enumerate(zip(keys, first.rows, strict=True))}
    changed: list[tuple[int, Change]] = []
    met: set[tuple[str, ...]] = set()
    found.repeated = sum(1 for one in keys if len(one) > len(key.columns))
    for place, (one, row) in enumerate(zip(key.of(second), second.rows, strict=True), 1):
        met.add(one)
        found.repeated += len(one) > len(key.columns)
        if one not in there:
            found.added.append(Row(place, key_words(one), row))
            continue
        was, old = there[one]
        cells = tuple((name, old[a], row[b]) for name, a, b in places if old[a] != row[b])
        real = tuple(cell for cell in cells if _form(cell[1]) != _form(cell[2]))
        found.written_differently += len(cells) - len(real)
        if real:
            changed.append((was, Change(key_words(one), real)))
        else:
            found.same += 1
    # In the order of the first file, whatever the order of the second.
    found.changed = [change for _, change in sorted(changed, key=lambda item: item[0])]
    for place, (one, row) in enumerate(zip(keys, first.rows, strict=True), 1):
        if one not in met:
            found.removed.append(Row(place, key_words(one), row))


def _by_rows(found: Comparison, first: Table, second: Table) -> None:
    """Compare whole rows by the columns that both have, as often as they are there."""
    shared = [name for name in first.names if name in second.names]
    old, new = (
        [tuple(row[place] for place in (table.names.index(name) for name in shared)) for row in table.rows]
        for table in (first, second)
    )
    left = Counter(old)
    for place, (row, whole) in enumerate(zip(new, second.rows, strict=True), 1):
        if left[row] > 0:
            left[row] -= 1
            found.same += 1
        else:
            found.added.append(Row(place, f"row {place}", whole))
    # Of equal rows the last are those that went.
    for place in range(len(old), 0, -1):
        if left[old[place - 1]] > 0:
            left[old[place - 1]] -= 1
            found.removed.append(Row(place, f"row {place}", first.rows[place - 1]))
    found.removed.reverse()


def _form(cell: str) -> str:
    """Give a cell without zeros at the end of a decimal: 1.50 is 1.5."""
    if "." not in cell or len(cell) > 60:
        return cell
    found = _DECIMAL.fullmatch(cell)
    return (found[1] if found else cell).removesuffix(".")
