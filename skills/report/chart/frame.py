"""The numbers of a chart: what stands on the axis across, and for each series the values above it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from skills.report.chart.wish import Wish
from skills.report.script import Unusable
from skills.report.visible import clipped, one_line

Across = Literal["number", "date", "category"]
MOST_POINTS = 200_000
_LONGEST_NAME = 60
MISSING_NAME = "(none)"


@dataclass(frozen=True, slots=True)
class Frame:
    """Values across (numbers, seconds since 1970 or texts), and by the name of each series as many values, or None.

    `notes` are said below the chart.
    """

    kind: Across
    across: tuple[Any, ...]
    series: Mapping[str, tuple[float | None, ...]]
    x_name: str = ""
    y_name: str = ""
    notes: tuple[str, ...] = ()


def frame_of_lists(wish: Wish) -> Frame:
    """Take the lists that came with the request; raises Unusable where they do not fit."""
    columns = {_name(name): _list(name, values) for name, values in (wish.data or {}).items()}
    if not columns:
        raise Unusable("The data of the chart are empty.", 'Give them as {"x": [1, 2], "y": [3, 4]}.')
    if wish.kind == "histogram":
        names = [_known(name, columns) for name in wish.y] or list(columns)[:1]
        return Frame("number", (), {name: numbers(name, columns[name]) for name in names}, y_name=names[0])
    x = _known(wish.x, columns) if wish.x else next(iter(columns))
    split = _known(wish.series, columns) if wish.series else ""
    names = [_known(name, columns) for name in wish.y] or [name for name in columns if name not in (x, split)]
    if not names:
        raise Unusable("The data have nothing to draw beside the values across.", "Give another list of numbers.")
    lengths = {len(columns[name]) for name in (x, *names, *([split] if split else ()))}
    if len(lengths) != 1:
        raise Unusable("The lists of the chart differ in length.", "Give as many values as there are across.")
    values = {name: numbers(name, columns[name]) for name in names}
    if split:
        return spread(columns[x], columns[split], values[names[0]], x, names[0])
    kind, across = placed(columns[x])
    return Frame(kind, across, values, x, names[0] if len(names) == 1 else "")


def spread(
    across: Sequence[Any], names: Sequence[Any], values: Sequence[float | None], x_name: str, y_name: str
) -> Frame:
    """Make a series of each different name; a value that comes twice is refused."""
    kind, places = placed(across)
    order = {place: index for index, place in enumerate(dict.fromkeys(places))}
    series: dict[str, list[float | None]] = {}
    for place, name, value in zip(places, names, values, strict=True):
        row = series.setdefault(_name(name), [None] * len(order))
        if row[order[place]] is not None:
            raise Unusable(
                f"{y_name or 'y'} has several values for the same {x_name or 'x'} and series.",
                f"Add them up: y=sum({y_name or 'y'}).",
            )
        row[order[place]] = value
    return Frame(kind, tuple(order), {name: tuple(row) for name, row in series.items()}, x_name, y_name)


def placed(values: Sequence[Any]) -> tuple[Across, tuple[Any, ...]]:
    """Tell whether values are numbers, dates or names, and give them as such."""
    there = [value for value in values if value is not None]
    if there and all(_is_number(value) for value in there):
        return "number", tuple(float(value) if value is not None else math.nan for value in values)
    moments = [_moment(value) for value in values]
    if there and all(moment is not None for moment, value in zip(moments, values, strict=True) if value is not None):
        return "date", tuple(math.nan if moment is None else moment for moment in moments)
    return "category", tuple(_name(value) for value in values)


def numbers(name: str, values: Iterable[Any]) -> tuple[float | None, ...]:
    """Give numbers, None for what is missing; raises Unusable for texts."""
    found: list[float | None] = []
    for value in values:
        if value is None or value == "":
            found.append(None)
        elif _is_number(value):
            found.append(float(value) if math.isfinite(float(value)) else None)
        else:
            raise Unusable(
                f"{name} holds “{clipped(one_line(str(value)), 40)}”, which is no number.", "Give numbers to draw."
            )
    return tuple(found)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300


def _moment(value: Any) -> float | None:
    """Give the seconds since 1970 of a date or of a text in the form of ISO 8601, also of a month alone."""
    if isinstance(value, datetime):
        return (value.replace(tzinfo=None) - _EPOCH).total_seconds()
    if isinstance(value, date):
        return (datetime(value.year, value.month, value.day) - _EPOCH).total_seconds()
    if not isinstance(value, str) or not value[:4].isdigit() or len(value) < 7:
        return None
    text = value.strip()
    quarter = {"Q1": "01", "Q2": "04", "Q3": "07", "Q4": "10"}.get(text[5:7])
    text = f"{text[:5]}{quarter}" if quarter and len(text) == 7 else text
    try:
        return (
            datetime.fromisoformat(f"{text}-01" if len(text) == 7 else text).replace(tzinfo=None) - _EPOCH
        ).total_seconds()
    except ValueError:
        return None


_EPOCH = datetime(1970, 1, 1)


def _list(name: Any, values: Any) -> Sequence[Any]:
    if not isinstance(values, list):
        raise Unusable(f"{_name(name)} is no list.", 'Give data as {"x": [1, 2], "y": [3, 4]}.')
    if len(values) > MOST_POINTS:
        raise Unusable(f"{_name(name)} has {len(values):,} values.", "Put that many into a file, and name its path.")
    return values


def _name(value: Any) -> str:
    return clipped(one_line(str(value)), _LONGEST_NAME) if value is not None and value != "" else MISSING_NAME


def _known(name: str, columns: Mapping[str, Any]) -> str:
    if _name(name) not in columns:
        raise Unusable(f"There is no list “{_name(name)}”.", f"There are: {', '.join(columns)}.")
    return _name(name)
