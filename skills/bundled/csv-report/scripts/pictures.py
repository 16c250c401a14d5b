"""Which charts suit the columns: lines over time, totals by category, histograms, counts; at most eight."""

import math
from collections.abc import Iterator
from itertools import islice

from column import Profile
from findings import unit_of
from groups import ByGroup, Series
from measure import Distribution
from measurement import Measurement
from tally import shown
from wording import amount, column_name, labelled, sentence

from skills.report.charts import Chart, Histogram, LineChart, Tick, axis, bar_chart, round_ticks
from skills.report.data.missing import MISSING
from skills.report.quantity import counted, rounded, share

_MOST = 8
_LINES, _GROUPS, _HISTOGRAMS = 2, 2, 3
_BARS = 10
_FEW = 8  # so few different numbers are bars, not a distribution


def pictures(found: Measurement, series: Series | None) -> tuple[Chart, ...]:
    """Choose and draw the charts."""
    charts: list[Chart] = [*islice(_lines(found, series), _LINES), *islice(_groups(found), _GROUPS)]
    histograms = list(_histograms(found))
    counts = list(_counts(found))
    room = _MOST - len(charts)
    shown_histograms = histograms[: max(_HISTOGRAMS, room - len(counts))]
    charts += [*shown_histograms, *counts][:room]
    return tuple(charts)


def _lines(found: Measurement, series: Series | None) -> Iterator[LineChart]:
    if series is None or found.by_day is None:
        return
    dates = column_name(found.profiles[found.by_day.dates])
    for measure, values in zip(found.by_day.measures, series.totals, strict=True):
        averaged = found.averaged(measure)
        known = values
        if series.finest or averaged:
            known = tuple(value if rows else math.nan for value, rows in zip(values, series.rows, strict=True))
        what = "Mean" if averaged else "Total"
        note = f"By {series.step} of {dates}" if series.finest else f"{what} per {series.step} of {dates}"
        note += series.partial
        chart = _line(sentence(f"{unit_of(found.profiles[measure])} over time"), note, series.labels, known)
        if chart is not None:
            yield chart
    if not found.by_day.measures:
        rows = tuple(float(count) for count in series.rows)
        chart = _line("Rows over time", f"Rows per {series.step} of {dates}", series.labels, rows)
        if chart is not None:
            yield chart


def _line(title: str, note: str, labels: tuple[str, ...], values: tuple[float, ...]) -> LineChart | None:
    known = [(index, value) for index, value in enumerate(values) if math.isfinite(value)]
    if len(known) < 2:
        return None
    low, high = min(value for _, value in known), max(value for _, value in known)
    # A line may leave zero out where that would flatten it; an area from zero would be a lie then.
    scale = axis(low, high, zero=low <= 0 or low < 0.6 * high)
    last = len(labels) - 1
    step = max(1, math.ceil(last / 6))
    marks = [index for index in range(0, last + 1, step) if index == 0 or last - index >= step * 0.6 or index == last]
    return LineChart(
        title=title,
        note=note,
        points=tuple((index / last, scale.at(value)) for index, value in known),
        across=tuple(Tick(index / last, labels[index]) for index in marks),
        up=scale.ticks,
        base=scale.at(0.0),
    )


def _groups(found: Measurement) -> Iterator[Chart]:
    for group in found.by_group:
        totals = group.totals(MISSING)
        measure = found.profiles[group.measure]
        if len(totals) < 2 or any(total < 0 for _, total, _ in totals):
            continue
        yield _group(group, totals, measure, found)


def _group(group: ByGroup, totals: list[tuple[str, float, int]], measure: Profile, found: Measurement) -> Chart:
    category = column_name(found.profiles[group.category])
    form = measure.kind.format
    if found.averaged(group.measure):
        means = sorted(((total / count, name) for name, total, count in totals), key=lambda mean: (-mean[0], mean[1]))
        bars = [(labelled(shown(name)), amount(mean, form, short=True), mean) for mean, name in means[:_BARS]]
        return bar_chart(f"Mean {unit_of(measure)} by {category}", _of(len(bars), len(totals)), bars)
    whole = sum(total for _, total, _ in totals)
    bars = [
        (labelled(shown(name)), f"{amount(total, form, short=True)} · {share(total, whole)}", total)
        for name, total, _ in totals[:_BARS]
    ]
    return bar_chart(
        sentence(f"{unit_of(measure)} by {category}"), f"Total, {_of(len(bars), len(totals)).lower()}", bars
    )


def _histograms(found: Measurement) -> Iterator[Histogram]:
    for profile in found.profiles:
        spread = profile.distribution
        if profile.type != "number" or spread is None or profile.distinct <= _FEW or len(spread.bins) < 2:
            continue
        scale = axis(0, max(spread.bins) * spread.count / sum(spread.bins))
        heights = tuple(scale.at(height * spread.count / sum(spread.bins)) for height in spread.bins)
        across = round_ticks(spread.edges[0], spread.edges[-1])
        note = f"How often, {counted(spread.count, 'value')}"
        if not spread.exact:
            note += ", from a sample"
        note += _beyond(spread)
        yield Histogram(f"Distribution of {unit_of(profile)}", note, heights, across, scale.ticks)


def _beyond(spread: Distribution) -> str:
    """Say what the outermost bars take in beyond the axis."""
    edges, said = spread.edges, []
    hair = (edges[1] / 2 - edges[0] / 2) * 1e-6  # what rounding may have cost is no distance
    if spread.low < edges[0] - hair:
        said.append(f"the first bar takes in all below {rounded(edges[1])}, down to {rounded(spread.low)}")
    if spread.high > edges[-1] + hair:
        said.append(f"the last bar takes in all from {rounded(edges[-2])} on, up to {rounded(spread.high)}")
    return "".join(f"; {text}" for text in said)


def _counts(found: Measurement) -> Iterator[Chart]:
    grouped = {group.category for group in found.by_group[:_GROUPS]}
    order = sorted(range(len(found.profiles)), key=lambda index: index in grouped)
    for index in order:
        profile = found.profiles[index]
        few_numbers = profile.type == "number" and profile.distinct <= _FEW and profile.counted_exactly
        if not (few_numbers or profile.type in ("category", "boolean")) or profile.distinct < 2:
            continue
        if not profile.frequent or profile.frequent[0][1] < 2:
            continue
        bars = [
            (labelled(value), f"{count:,} · {share(count, profile.present)}", float(count))
            for value, count in profile.frequent[:_BARS]
        ]
        note = f"Rows, {_of(len(bars), profile.distinct).lower()}"
        yield bar_chart(f"How often each {column_name(profile)}", note, bars)


def _of(some: int, all_: int) -> str:
    return counted(all_, "value") if some == all_ else f"The {some} largest of {counted(all_, 'value')}"
