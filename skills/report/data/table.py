"""A table in a file: its columns, and where its rows come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from skills.report.data.engine import Relation
from skills.report.script import Unusable
from skills.report.visible import clipped, one_line

Kind = Literal["number", "date", "text"]
_MOST_NAMED = 30


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name and kind, and in SQL its text as it is written (`shown`) and its value.

    A value is a DOUBLE, a TIMESTAMP or a VARCHAR by the kind; NULL where there is none, or none of that kind.
    """

    name: str
    kind: Kind
    shown: str
    value: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table: what it is in words, and remarks on how it was read; `size` in bytes of the file."""

    title: str
    about: str
    size: int
    relation: Relation
    columns: tuple[Column, ...]
    remarks: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """Give the column of a name, its case aside where that is clear; raises Unusable with the nearest names."""
        for column in self.columns:
            if column.name == name:
                return column
        alike = [column for column in self.columns if column.name.casefold() == name.strip().casefold()]
        if len(alike) == 1:
            return alike[0]
        near = get_close_matches(name, [column.name for column in self.columns], 3, 0.5)
        nearest = f"Near it: {', '.join(near)}." if near else f"There are: {named(self.columns)}."
        raise Unusable(f"There is no column “{clipped(one_line(name), 80)}”.", nearest)


def named(columns: Sequence[Column]) -> str:
    """Give the names of columns in one line, of very many the first."""
    names = [column.name for column in columns[:_MOST_NAMED]]
    more = len(columns) - len(names)
    return ", ".join(names) + (f" and {more:,} more" if more else "")
