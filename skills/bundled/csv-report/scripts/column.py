"""One column, cell by cell in chunks: what is missing, what does not fit, how often each value comes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from kinds import Kind
from measure import Distribution, Measure, Values
from tally import Tally, keyed, shown

from skills.report.data.missing import MISSING

_BINS = 24
_MOST_CATEGORIES = 60
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a column at the end. Dates are seconds since the year 1; `odd` cells are not of the kind."""

    name: str
    kind: Kind
    rows: int
    missing: int
    odd: int
    odd_examples: tuple[str, ...]
    distinct: int
    counted_exactly: bool
    frequent: tuple[tuple[str, int], ...]
    distribution: Distribution | None
    earliest: float | None
    latest: float | None
    shortest: int
    longest: int

    @property
    def present(self) -> int:
        """Give the number of cells that are not missing."""
        return self.rows - self.missing

    @property
    def type(self) -> str:
        """Say what the column holds: number, identifier, date, boolean, category, text, empty."""
        if not self.present:
            return "empty"
        if self.kind.name == "number":
            return "identifier" if self.kind.identifier else "number"
        if self.kind.name != "text":
            return self.kind.name
        few = self.distinct <= _MOST_CATEGORIES and self.distinct <= 0.5 * self.present
        return "category" if few and self.counted_exactly else "text"


class Column:
    """A column while the file is read."""

    def __init__(self, name: str, kind: Kind, room: int, seed: int) -> None:
        """Count up to `room` different values exactly, and keep as many numbers for quartiles."""
        self._name, self._kind = name, kind
        self._tally = Tally(room)
        self._measure = Measure(room, seed)
        self._rows = self._missing = self._odd = 0
        self._examples: list[str] = []
        self._earliest, self._latest = np.inf, -np.inf
        self._shortest, self._longest = -1, 0

    def add(self, cells: list[str]) -> Values | None:
        """Add stripped cells; gives their values (NaN for none) where the column holds numbers or dates."""
        keys = keyed(cells)
        counts = Counter(keys)
        self._rows += len(cells)
        for word in MISSING & counts.keys():
            self._missing += counts.pop(word)
        self._tally.add(counts)
        if self._kind.name not in ("number", "date"):
            self._add_lengths(cells)
            return None
        read = self._read(list(counts))
        self._note_odd(counts, read)
        values = np.array([read.get(key, np.nan) for key in keys], np.float64)
        if self._kind.name == "number":
            self._measure.add(values)
        else:
            self._add_dates(values)
        return values

    def profile(self) -> Profile:
        """Give what is known now."""
        most = self._tally.most_common(_MOST_CATEGORIES if self._kind.name != "number" else 12)
        return Profile(
            name=self._name,
            kind=self._kind,
            rows=self._rows,
            missing=self._missing,
            odd=self._odd,
            odd_examples=tuple(self._examples),
            distinct=self._tally.distinct(),
            counted_exactly=self._tally.exact,
            frequent=tuple((shown(key), count) for key, count in most),
            distribution=self._measure.distribution(_BINS),
            earliest=float(self._earliest) if np.isfinite(self._earliest) else None,
            latest=float(self._latest) if np.isfinite(self._latest) else None,
            shortest=max(0, self._shortest),
            longest=self._longest,
        )

    def _read(self, texts: Sequence[str]) -> dict[str, float]:
        parsed: list[float | None]
        if self._kind.form is not None:
            parsed = [self._kind.form.parse(text) for text in texts]
        elif self._kind.format is not None:
            parsed = self._kind.format.parse_all(texts)
        else:
            return {}
        return {text: value for text, value in zip(texts, parsed, strict=True) if value is not None}

    def _note_odd(self, counts: Counter[str], read: dict[str, float]) -> None:
        if len(read) == len(counts):
            return
        for text, count in counts.items():
            if text not in read:
                self._odd += count
                if len(self._examples) < _EXAMPLES and shown(text) not in self._examples:
                    self._examples.append(shown(text))

    def _add_dates(self, values: Values) -> None:
        there = values[np.isfinite(values)]
        if len(there):
            self._earliest = min(self._earliest, float(there.min()))
            self._latest = max(self._latest, float(there.max()))

    def _add_lengths(self, cells: list[str]) -> None:
        lengths = [len(cell) for cell in cells if cell not in MISSING]
        if lengths:
            shortest = min(lengths)
            self._shortest = shortest if self._shortest < 0 else min(shortest, self._shortest)
            self._longest = max(self._longest, *lengths)
