"""The second pass: statistics of every column, and the totals that the charts show."""

import re
from dataclasses import dataclass

from column import Column, Profile
from groups import ByDay, ByGroup, Series
from kinds import Kind, kinds_of
from measure import Values
from survey import Survey
from tally import keyed

from skills.report.script import progress

_ROOM = 600_000
_LEAST_ROOM, _MOST_ROOM = 1500, 50_000
_MOST_MEASURES, _MOST_GROUPINGS = 3, 3
_MONEY = re.compile(
    r"revenue|sales|amount|total|turnover|value|cost|sum|umsatz|betrag|wert|kosten|montant|importe|ventas|売上|金額|销售|金额",
    re.I,
)
_AVERAGED = re.compile(
    r"price|rate|temp|avg|average|mean|percent|pct|ratio|score|age\b|humidity|pressure|speed|lat|lon|level|index|height"
    r"|weight|preis|alter|grad|prix|taux|°|%",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Measurement:
    """The columns' profiles and the totals by day and by category; `repeated` counts rows that came before."""

    profiles: tuple[Profile, ...]
    by_day: ByDay | None
    by_group: tuple[ByGroup, ...]
    repeated: int
    repeats_known: bool

    def averaged(self, column: int) -> bool:
        """Tell whether the mean of a measure says more than its total: prices, rates, temperatures."""
        return is_averaged(self.profiles[column].name, self.profiles[column].kind)

    def series(self) -> Series | None:
        """Give the course over time; None without dates."""
        if self.by_day is None:
            return None
        return self.by_day.series([self.averaged(measure) for measure in self.by_day.measures])


def is_averaged(name: str, kind: Kind) -> bool:
    """Tell by a column's name and unit whether its mean says more than its total."""
    unit = kind.format.unit if kind.format else ""
    return unit in ("%", "‰") or bool(_AVERAGED.search(name) and not _MONEY.search(name))


def measure(survey: Survey, seed: int) -> Measurement:
    """Read the file once more and measure every column."""
    kinds = kinds_of(survey)
    room = min(_MOST_ROOM, max(_LEAST_ROOM, _ROOM // max(1, len(kinds))))
    columns = [
        Column(name, kind, room, seed + index)
        for index, (name, kind) in enumerate(zip(survey.names, kinds, strict=True))
    ]
    measures = _measures(survey.names, kinds)
    by_day = next((ByDay(index, measures) for index, kind in enumerate(kinds) if kind.name == "date"), None)
    by_group = _groupings(kinds, measures)
    repeats = _Repeats()
    done = 0
    for chunk, position in survey.chunks():
        stripped = [list(map(str.strip, cells)) for cells in chunk]
        values = [column.add(cells) for column, cells in zip(columns, stripped, strict=True)]
        _add_totals(by_day, by_group, stripped, values)
        repeats.add(chunk)
        done += len(chunk[0]) if chunk else 0
        progress(40 + 45 * position / max(1, survey.source.bytes), f"{done:,} of {survey.rows:,} rows measured")
    return Measurement(tuple(column.profile() for column in columns), by_day, by_group, repeats.count, repeats.known)


class _Repeats:
    """Counts rows that are equal to an earlier one, while the rows are few enough to remember their hashes."""

    _MOST = 400_000

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self.count = 0
        self.known = True

    def add(self, chunk: list[tuple[str, ...]]) -> None:
        if not self.known or not chunk:
            return
        before = len(self._seen)
        self._seen.update(map(hash, zip(*chunk, strict=True)))
        self.count += len(chunk[0]) - (len(self._seen) - before)
        if len(self._seen) > self._MOST:
            self.known = False
            self._seen.clear()


def _measures(names: tuple[str, ...], kinds: tuple[Kind, ...]) -> tuple[int, ...]:
    """Choose the numbers whose course is worth a chart: money first, then in the order of the columns."""
    numbers = [index for index, kind in enumerate(kinds) if kind.name == "number" and not kind.identifier]
    numbers.sort(key=lambda index: (not _MONEY.search(names[index]), is_averaged(names[index], kinds[index]), index))
    return tuple(numbers[:_MOST_MEASURES])


def _groupings(kinds: tuple[Kind, ...], measures: tuple[int, ...]) -> tuple[ByGroup, ...]:
    if not measures:
        return ()
    categories = [index for index, kind in enumerate(kinds) if kind.grouping]
    return tuple(ByGroup(index, measures[0]) for index in categories[:_MOST_GROUPINGS])


def _add_totals(
    by_day: ByDay | None, by_group: tuple[ByGroup, ...], cells: list[list[str]], values: list[Values | None]
) -> None:
    if by_day is not None and (moments := values[by_day.dates]) is not None:
        by_day.add(moments, [found for index in by_day.measures if (found := values[index]) is not None])
    for group in by_group:
        numbers = values[group.measure]
        if numbers is not None:
            group.add(keyed(cells[group.category]), numbers)
