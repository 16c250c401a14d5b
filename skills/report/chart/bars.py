"""Bars for each name or date, side by side or stacked, and heat maps."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from skills.report.chart.drawing import Block, Cell, Drawing
from skills.report.chart.frame import Frame
from skills.report.chart.plot import drawn_values, few_series, framed, name_ticks
from skills.report.chart.scale import Scale, upright
from skills.report.chart.wish import Wish
from skills.report.charts import Tick
from skills.report.quantity import MONTHS, rounded
from skills.report.script import Unusable

_MOST_BARS = 60
_MOST_UPRIGHT = 16
_LONGEST_UPRIGHT = 9
_MOST_TEXTS = 24
_MOST_SIDE = 60
_ROW = 17.0
_EPOCH = datetime(1970, 1, 1)


def bar(frame: Frame, wish: Wish) -> Drawing:
    """Draw bars from zero: of several series side by side, or one upon the other where they are stacked."""
    frame = _some(few_series(frame), wish)
    stacked = wish.kind == "stacked"
    if stacked and wish.log:
        raise Unusable("Stacked bars have no logarithmic scale: their lengths add up.", "Leave out log.")
    names = labels(frame)
    sums = _sums(frame) if stacked else drawn_values(frame)
    up = upright(sums, log=wish.log, zero=True)
    # A date goes from left to right; names that are long or many are read best one below the other.
    lying = frame.kind == "category" and _long(names, len(frame.series), stacked)
    blocks = tuple(_stack(frame, up) if stacked else _beside(frame, up, texts=len(sums) <= _MOST_TEXTS))
    ticks = name_ticks(names, _MOST_BARS if lying else 12)
    drawing = replace(framed(frame, wish), blocks=blocks, lying=lying, zero=up.zero)
    if not lying:
        return replace(drawing, x_ticks=ticks, y_ticks=up.ticks)
    each = _ROW * (1 if stacked else max(1.0, 0.55 * len(frame.series)))
    height = max(60.0, len(names) * each)
    fallen = tuple(Tick(1 - tick.at, tick.label) for tick in ticks)
    turned = tuple(replace(block, start=_turned(block.start), end=_turned(block.end)) for block in blocks)
    x_label, y_label = drawing.y_label, drawing.x_label
    return replace(
        drawing, blocks=turned, x_ticks=up.ticks, y_ticks=fallen, height=height, x_label=x_label, y_label=y_label
    )


def heatmap(frame: Frame, wish: Wish) -> Drawing:
    """Draw a field for each pair of names, the stronger the larger its value."""
    rows = list(frame.series)
    across = labels(frame)
    if len(rows) > _MOST_SIDE or len(across) > _MOST_SIDE:
        raise Unusable(
            f"The heat map would have {len(across):,} × {len(rows):,} fields.",
            f"Give at most {_MOST_SIDE} each way: group or filter.",
        )
    values = drawn_values(frame)
    if not values:
        raise Unusable("There are no numbers to draw.", "Check the columns and the filter.")
    low, high = min(values), max(values)
    low = min(low, 0.0) if low < 0.5 * high else low
    texts = len(rows) * len(across) <= 150 and len(across) <= 14
    cells = []
    for row, name in enumerate(rows):
        top = 1 - row / len(rows)
        for column, value in enumerate(frame.series[name]):
            strength = None if value is None else (value - low) / (high - low) if high > low else 1.0
            said = rounded(value).replace(" ", "\u00a0") if texts and value is not None else ""
            start = (column / len(across), top - 1 / len(rows))
            cells.append(Cell(start, ((column + 1) / len(across), top), strength, said))
    y_ticks = tuple(Tick(1 - (index + 0.5) / len(rows), name) for index, name in enumerate(rows))
    return replace(
        framed(replace(frame, series={}), replace(wish, unit="")),
        cells=tuple(cells),
        x_ticks=name_ticks(across, 14),
        y_ticks=y_ticks,
        y_label=wish.y_label or wish.series,
        height=max(80.0, min(420.0, len(rows) * 20.0)),
        ramp=(rounded(low), f"{rounded(high)} {wish.unit}".strip()),
    )


def labels(frame: Frame) -> list[str]:
    """Give the names across; dates as short as they can be told apart."""
    if frame.kind == "number":
        return [rounded(value) for value in frame.across]
    if frame.kind == "category":
        return [str(name) for name in frame.across]
    moments = [_EPOCH + timedelta(seconds=value) if math.isfinite(value) else None for value in frame.across]
    there = [moment for moment in moments if moment is not None]
    if all((moment.month, moment.day, moment.hour) == (1, 1, 0) for moment in there):
        return [str(moment.year) if moment else "–" for moment in moments]
    if all((moment.day, moment.hour) == (1, 0) for moment in there):
        return [f"{MONTHS[moment.month - 1]} {moment.year}" if moment else "–" for moment in moments]
    return [f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}" if moment else "–" for moment in moments]


def _some(frame: Frame, wish: Wish) -> Frame:
    if len(frame.across) > len(set(frame.across)):
        y = next(iter(frame.series))
        raise Unusable(f"{frame.x_name} has the same value in several rows.", f"Add them up: y=sum({y}).")
    if frame.kind != "category" and len(frame.across) <= 400:
        order = sorted(range(len(frame.across)), key=lambda index: frame.across[index])
        return _kept(frame, order)
    if len(frame.across) <= _MOST_BARS:
        return frame
    if frame.kind != "category":
        raise Unusable(f"There would be {len(frame.across):,} bars.", "Group by month(date), or use kind=line.")
    weight = [sum(abs(values[index] or 0) for values in frame.series.values()) for index in range(len(frame.across))]
    largest = sorted(range(len(weight)), key=lambda index: -weight[index])[:_MOST_BARS]
    note = f"The {_MOST_BARS} largest of {len(frame.across):,}"
    del wish
    return replace(_kept(frame, largest), notes=(*frame.notes, note))


def _kept(frame: Frame, order: Sequence[int]) -> Frame:
    series = {name: tuple(values[index] for index in order) for name, values in frame.series.items()}
    return replace(frame, across=tuple(frame.across[index] for index in order), series=series)


def _long(names: Sequence[str], series: int, stacked: bool) -> bool:
    longest = max((len(name) for name in names), default=0)
    crowded = len(names) * (1 if stacked else series) > 2.5 * _MOST_UPRIGHT
    return len(names) > _MOST_UPRIGHT or crowded or longest * len(names) > _LONGEST_UPRIGHT * 9


def _sums(frame: Frame) -> list[float]:
    sums = []
    for column in zip(*frame.series.values(), strict=True):
        sums.append(sum(value for value in column if value is not None and value > 0))
        sums.append(sum(value for value in column if value is not None and value < 0))
    return sums


def _beside(frame: Frame, up: Scale, *, texts: bool) -> Iterator[Block]:
    slot, number = 1 / len(frame.across), len(frame.series)
    wide = slot * (0.62 if number == 1 else 0.78) / number
    foot = up.zero if up.zero is not None else 0.0
    for colour, values in enumerate(frame.series.values()):
        for index, value in enumerate(values):
            if value is None:
                continue
            left = (index + 0.5) * slot + (colour - number / 2) * wide
            text = rounded(value).replace(" ", "\u00a0") if texts else ""
            yield Block(colour, (left, foot), (left + wide, up.at(value)), text)


def _stack(frame: Frame, up: Scale) -> Iterator[Block]:
    slot = 1 / len(frame.across)
    above, below = [0.0] * len(frame.across), [0.0] * len(frame.across)
    for colour, values in enumerate(frame.series.values()):
        for index, value in enumerate(values):
            if not value:
                continue
            side = above if value > 0 else below
            left = (index + 0.5) * slot - slot * 0.31
            start, side[index] = up.at(side[index]), side[index] + value
            yield Block(colour, (left, start), (left + slot * 0.62, up.at(side[index])))


def _turned(point: tuple[float, float]) -> tuple[float, float]:
    """Lay it down: names go from the top to the bottom, amounts from left to right."""
    return point[1], 1 - point[0]
