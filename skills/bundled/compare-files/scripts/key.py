"""By which columns the rows of two tables are the same."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from content import Table

from skills.report.script import Unusable
from skills.report.visible import clipped, visible

_IDENTIFIER = re.compile(
    r"(?:^|[\s_.-])(?:id|ids|no|nr|number|key|code|sku|uuid|guid|e-?mail|isbn|ean|name)$", re.IGNORECASE
)
_LEAST_SHARED = 0.2
_PAIRED = 6


@dataclass(frozen=True, slots=True)
class Key:
    """Columns by their names in both tables, and whether somebody named them."""

    columns: tuple[str, ...]
    named: bool = False

    def of(self, table: Table) -> list[tuple[str, ...]]:
        """Give the key of each row; equal ones are numbered, so that all differ."""
        places = [table.names.index(name) for name in self.columns]
        seen: dict[tuple[str, ...], int] = {}
        keys: list[tuple[str, ...]] = []
        for row in table.rows:
            key = tuple(row[place] for place in places)
            seen[key] = seen.get(key, 0) + 1
            keys.append(key if seen[key] == 1 else (*key, f"({seen[key]})"))
        return keys


def choose(before: Table, after: Table, wanted: str) -> Key | None:
    """Give the key that is `wanted`, or else the one that the values suggest; None where nothing is one."""
    shared = [name for name in before.names if name in after.names]
    if wanted.strip():
        return Key(_named(wanted, shared), True)
    if before.key and before.key == after.key:
        return Key(before.key)
    candidates = [found for name in shared if (found := _score(before, after, (name,), shared))]
    if not candidates:
        pairs = combinations(shared[:_PAIRED], 2)
        candidates = [found for pair in pairs if (found := _score(before, after, pair, shared))]
    return Key(max(candidates)[1]) if candidates else None


def _named(wanted: str, shared: list[str]) -> tuple[str, ...]:
    by_name = {name.casefold(): name for name in shared}
    whole = by_name.get(wanted.strip().casefold())
    parts = [whole] if whole else [part.strip() for part in re.split(r"[,+]|\band\b", wanted) if part.strip()]
    names = [by_name.get(part.casefold(), "") for part in parts]
    if not names or "" in names:
        there = ", ".join(clipped(name, 40) for name in shared[:12]) or "none"
        raise Unusable(
            f"“{visible(clipped(wanted, 80))}” is no column that both files have.", f"Columns in both: {there}."
        )
    return tuple(dict.fromkeys(names))


def _score(
    before: Table, after: Table, names: tuple[str, ...], shared: list[str]
) -> tuple[tuple[bool, float, int], tuple[str, ...]] | None:
    """Give how well columns identify rows, larger is better; None where they do not."""
    first, second = (_unique(table, names) for table in (before, after))
    if first is None or second is None:
        return None
    common = len(first & second) / max(1, min(len(first), len(second)))
    if common < _LEAST_SHARED:
        return None
    named = any(_IDENTIFIER.search(name) for name in names)
    return (named and common > 0.5, round(common, 1), -sum(shared.index(name) for name in names)), names


def _unique(table: Table, names: Iterable[str]) -> set[tuple[str, ...]] | None:
    places = [table.names.index(name) for name in names]
    seen: set[tuple[str, ...]] = set()
    for row in table.rows:
        key = tuple(row[place] for place in places)
        if key in seen or not any(key):
            return None
        seen.add(key)
    return seen
