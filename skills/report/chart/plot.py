"""Charts over an axis: lines and clouds of points."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from skills.report.chart.bins import Bins
from skills.report.chart.drawing import Block, Drawing, Key, Point, Stroke
from skills.report.chart.frame import Frame
from skills.report.chart.scale import Scale, across, upright
from skills.report.chart.wish import Wish
from skills.report.charts import Tick, round_ticks
from skills.report.quantity import counted
from skills.report.script import Unusable

MOST_SERIES = 8
HEIGHT = 230.0
_MOST_ON_A_LINE = 1500
_MOST_DOTS = 4000
_FEW_POINTS = 40
_MOST_NAMES = 60
_LABELS = 9


def line(frame: Frame, wish: Wish) -> Drawing:
    """Draw a line for each series; where values are missing the line has a gap."""
    frame = few_series(frame)
    ticks, places = _across(frame)
    up = upright(drawn_values(frame), log=wish.log, zero=False)
    order = sorted(range(len(places)), key=lambda index: places[index])
    strokes = tuple(
        Stroke(colour, thinned(part), dotted=len(places) <= _FEW_POINTS)
        for colour, values in enumerate(frame.series.values())
        for part in _parts([(places[index], values[index]) for index in order], up)
    )
    return replace(framed(frame, wish), strokes=strokes, x_ticks=ticks, y_ticks=up.ticks, zero=up.zero)


def scatter(frame: Frame, wish: Wish) -> Drawing:
    """Draw a dot for each pair of values, of very many an even choice."""
    if frame.kind == "category":
        raise Unusable("A scatter chart needs numbers or dates across.", "Use kind=bar for names.")
    frame = few_series(frame)
    ticks, places = _across(frame)
    up = upright(drawn_values(frame), log=wish.log, zero=False)
    pairs = sum(1 for values in frame.series.values() for value in values if value is not None)
    step = max(1, math.ceil(pairs / _MOST_DOTS))
    dots = []
    for colour, values in enumerate(frame.series.values()):
        both = zip(places, values, strict=True)
        there = [(x, up.at(y)) for x, y in both if y is not None and math.isfinite(x)]
        dots.append(Stroke(colour, tuple(there[::step])))
    drawing = framed(frame, wish)
    if step > 1:
        note = " ".join((drawing.note, f"Every {step}th of {counted(pairs, 'point')} is drawn.")).strip()
        drawing = replace(drawing, note=note)
    return replace(drawing, dots=tuple(dots), x_ticks=ticks, y_ticks=up.ticks, zero=up.zero)


def histogram(bins: Bins, wish: Wish) -> Drawing:
    """Draw bars side by side, each as high as there are values in its bin."""
    up = upright([float(count) for count in bins.counts], log=False, zero=True)
    number = len(bins.counts)
    high = bins.low + number * bins.width
    foot = up.at(0)
    blocks = tuple(
        Block(0, (index / number + 0.001, foot), ((index + 1) / number - 0.001, up.at(count)))
        for index, count in enumerate(bins.counts)
        if count
    )
    named = Frame("number", (), {}, bins.name, "How often", bins.notes)
    drawing = framed(named, replace(wish, unit="", x_label=wish.x_label or _with_unit(bins.name, wish.unit)))
    return replace(drawing, blocks=blocks, x_ticks=round_ticks(bins.low, high, 8), y_ticks=up.ticks, zero=foot)


def framed(frame: Frame, wish: Wish) -> Drawing:
    """Give what every chart has around it."""
    names = list(frame.series)
    y_label = _with_unit(wish.y_label or frame.y_name or (names[0] if len(names) == 1 else ""), wish.unit)
    return Drawing(
        title=wish.title,
        subtitle=wish.subtitle,
        x_label=wish.x_label or ("" if frame.kind == "date" else frame.x_name),
        y_label=y_label,
        x_ticks=(),
        y_ticks=(),
        height=HEIGHT,
        note=". ".join(frame.notes),
        legend=tuple(Key(name, colour) for colour, name in enumerate(names)) if len(names) > 1 else (),
    )


def few_series(frame: Frame) -> Frame:
    """Keep the largest series where there are more than colours; raises Unusable where there is nothing to draw."""
    if not any(value is not None for values in frame.series.values() for value in values):
        raise Unusable("There are no numbers to draw.", "Check the columns and the filter.")
    if len(frame.series) <= MOST_SERIES:
        return frame
    weight = {name: sum(abs(value) for value in values if value is not None) for name, values in frame.series.items()}
    largest = sorted(weight, key=lambda name: (-weight[name], name))[:MOST_SERIES]
    kept = {name: values for name, values in frame.series.items() if name in largest}
    note = f"The {MOST_SERIES} largest of {len(frame.series):,} series"
    return replace(frame, series=kept, notes=(*frame.notes, note))


def drawn_values(frame: Frame) -> list[float]:
    """Give every value that is there."""
    return [value for values in frame.series.values() for value in values if value is not None]


def name_ticks(names: Sequence[str], most: int) -> tuple[Tick, ...]:
    """Give ticks in the middle of the room that each name has; of very many names every so many."""
    step = max(1, math.ceil(len(names) / most))
    return tuple(Tick((index + 0.5) / len(names), name) for index, name in enumerate(names) if index % step == 0)


def thinned(points: Sequence[Point]) -> tuple[Point, ...]:
    """Give the points of a line that is as good as the whole: of each stretch its lowest and its highest."""
    if len(points) <= _MOST_ON_A_LINE:
        return tuple(points)
    length = math.ceil(len(points) / (_MOST_ON_A_LINE / 2))
    kept: list[Point] = [points[0]]
    for begin in range(0, len(points), length):
        stretch = points[begin : begin + length]
        ends = {min(stretch, key=lambda point: point[1]), max(stretch, key=lambda point: point[1])}
        kept += sorted(ends)
    return (*kept, points[-1])


def _with_unit(label: str, unit: str) -> str:
    if not unit or unit in label:
        return label
    return f"{label} ({unit})" if label else unit


def _across(frame: Frame) -> tuple[tuple[Tick, ...], list[float]]:
    """Give the ticks across, and the place of each value."""
    if frame.kind == "category":
        names = [str(name) for name in frame.across]
        places = [(index + 0.5) / len(names) for index in range(len(names))]
        return name_ticks(names, _LABELS), places
    there = [value for value in frame.across if math.isfinite(value)]
    if not there:
        raise Unusable("There is nothing on the axis across.", "Check the column.")
    scale = across(there, dates=frame.kind == "date")
    return scale.ticks, [scale.at(value) if math.isfinite(value) else math.nan for value in frame.across]


def _parts(points: Sequence[tuple[float, float | None]], up: Scale) -> Iterator[list[Point]]:
    part: list[Point] = []
    for x, y in points:
        if y is None or not math.isfinite(x):
            if part:
                yield part
            part = []
        else:
            part.append((x, up.at(y)))
    if part:
        yield part
