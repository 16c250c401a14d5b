"""Charts as places: scales and ticks, bars from zero, gaps, bins, many points, and whatever is hostile."""

import math
from typing import Any

import pytest

from skills.report.chart.build import as_data, build, described
from skills.report.chart.draw import drawn
from skills.report.chart.drawing import Drawing
from skills.report.chart.wish import KINDS, wish_of
from skills.report.script import Unusable

NASTY = '#import "x": *\n#panic() $x$ `a` <label> @ref \\ [ ] * _ "'


def chart(kind: str, data: dict[str, Any] | None = None, **more: Any) -> Drawing:
    return build({"kind": kind, "data": data or {"x": [1, 2, 3], "y": [4.0, 8.0, 6.0]}, **more})


def test_values_lie_between_the_ends_of_round_ticks() -> None:
    drawing = chart("line")
    assert [tick.label for tick in drawing.y_ticks] == ["4", "5", "6", "7", "8"]
    (stroke,) = drawing.strokes
    assert [round(y, 3) for _, y in stroke.points] == [0.0, 1.0, 0.5]
    assert stroke.points[0][0] == 0 and stroke.points[-1][0] == 1


def test_bars_begin_at_zero_also_those_below_it() -> None:
    drawing = chart("bar", {"x": ["a", "b"], "y": [10, -10]})
    assert drawing.zero == 0.5
    assert [(block.start[1], block.end[1]) for block in drawing.blocks] == [(0.5, 1.0), (0.5, 0.0)]


def test_stacked_bars_stand_on_each_other_and_hang_below_zero() -> None:
    drawing = chart("stacked", {"x": ["a"], "p": [2], "q": [3], "n": [-5]})
    zero = drawing.zero
    assert zero is not None
    first, second, below = drawing.blocks
    assert first.start[1] == zero
    assert second.start[1] == first.end[1]
    assert below.start[1] == zero > below.end[1]
    assert [key.name for key in drawing.legend] == ["p", "q", "n"]


def test_a_missing_value_is_a_gap() -> None:
    drawing = chart("line", {"x": [1, 2, 3, 4, 5], "y": [1, 2, None, 4, 5]})
    assert [len(stroke.points) for stroke in drawing.strokes] == [2, 2]


@pytest.mark.parametrize(
    ("days", "labels"),
    [
        (["2025-01-01T00:00", "2025-01-01T06:00"], ["1 Jan", "01:00"]),
        (["2025-01-01", "2025-01-09"], ["1 Jan", "2 Jan"]),
        (["2025-01", "2025-12"], ["Jan 2025", "Mar 2025"]),
        (["1990-01-01", "2025-01-01"], ["1990", "1995"]),
    ],
)
def test_dates_have_ticks_of_calendar_units(days: list[str], labels: list[str]) -> None:
    ticks = chart("line", {"x": days, "y": [1, 2]}).x_ticks
    assert [tick.label for tick in ticks][:2] == labels
    assert 2 <= len(ticks) <= 9


def test_a_histogram_counts_every_value_in_bins_of_round_width() -> None:
    drawing = chart("histogram", {"v": [float(n % 50) for n in range(1000)]})
    assert sum(round(block.end[1] * 1000) > 0 for block in drawing.blocks) == len(drawing.blocks)
    assert drawing.note == "1,000 values"


def test_a_heat_map_is_the_stronger_the_larger_the_value() -> None:
    drawing = chart("heatmap", {"h": ["1", "2"], "Mon": [0, 10], "Tue": [None, 5]})
    assert [cell.strength for cell in drawing.cells] == [0.0, 1.0, None, 0.5]
    assert drawing.ramp == ("0", "10")


def test_a_logarithmic_scale_has_a_tick_for_each_power() -> None:
    ticks = chart("line", {"x": [1, 2], "y": [1, 1000]}, log=True).y_ticks
    assert [tick.label for tick in ticks] == ["1", "10", "100", "1,000"]
    with pytest.raises(Unusable, match="no place for zero"):
        chart("line", {"x": [1, 2], "y": [0, 1000]}, log=True)


def test_of_very_many_points_the_extremes_stay() -> None:
    values = [math.sin(n / 50) for n in range(150_000)]
    values[77_777] = 9.0
    drawing = chart("line", {"x": list(range(150_000)), "y": values})
    points = drawing.strokes[0].points
    assert len(points) < 2_000
    assert max(y for _, y in points) > 0.8
    assert len(chart("scatter", {"x": list(range(150_000)), "y": values}).dots[0].points) <= 4_000


def test_too_many_bars_and_series_are_said() -> None:
    drawing = chart("bar", {"x": [f"n{n}" for n in range(500)], "y": list(range(500))})
    assert drawing.note == "The 60 largest of 500"
    many = {"x": [1, 2], **{f"s{n}": [n, n] for n in range(20)}}
    assert "8 largest of 20 series" in chart("line", many).note


def test_names_of_a_column_become_series() -> None:
    drawing = chart("line", {"m": ["a", "a", "b"], "who": ["x", "y", "x"], "v": [1, 2, 3]}, series="who", y=["v"])
    assert [key.name for key in drawing.legend] == ["x", "y"]
    with pytest.raises(Unusable, match="several values"):
        chart("line", {"m": ["a", "a"], "who": ["x", "x"], "v": [1, 2]}, series="who", y=["v"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "values",
    [[5.0], [3.0, 3.0, 3.0], [1e299, -1e299], [1e-300, 2e-300], [0.0, 0.0], [None, 7.0], [-5.0, -4.0]],
)
def test_odd_numbers_are_drawn_or_refused_with_a_sentence(kind: str, values: list[float | None]) -> None:
    try:
        drawing = chart(kind, {"x": [f"n{n}" for n in range(len(values))], "y": values})
    except Unusable as problem:
        assert str(problem)
        return
    numbers = [number for number in _numbers(as_data(drawing)) if number is not None]
    assert all(math.isfinite(number) for number in numbers)


def _numbers(value: Any) -> list[float]:
    if isinstance(value, float):
        return [value]
    if isinstance(value, dict):
        return [number for each in value.values() for number in _numbers(each)]
    return [number for each in value for number in _numbers(each)] if isinstance(value, list | tuple) else []


@pytest.mark.parametrize("form", ["svg", "png"])
def test_hostile_texts_are_drawn_as_texts(form: str) -> None:
    asked = {
        "kind": "bar",
        "title": NASTY,
        "subtitle": "\u202e\x1b[2J" + NASTY,
        "y_label": "x" * 100_000,
        "data": {NASTY: [NASTY, "東京", "القاهرة", "\ud800"], "v": [1, 2, 3, 4]},
    }
    made = drawn(build(asked), form, 0)
    assert made[:4] == (b"\x89PNG" if form == "png" else b"<svg")
    assert made == drawn(build(asked), form, 0)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"kind": "pie", "data": {"x": [1]}}, "no chart of the kind"),
        ({"kind": "line"}, "needs either data or the path"),
        ({"kind": "line", "data": {}}, "empty"),
        ({"kind": "line", "data": {"x": [1, 2], "y": [1]}}, "differ in length"),
        ({"kind": "line", "data": {"x": [1], "y": ["a"]}}, "no number"),
        ({"kind": "line", "data": {"x": [1], "y": [1]}, "y": ["z"]}, "no list"),
        ({"kind": "line", "data": {"x": 1}}, "no list"),
        ({"kind": "line", "data": {"x": [1], "y": [1]}, "colour": "red"}, "has no colour"),
        ({"kind": "scatter", "data": {"x": ["a"], "y": [1]}}, "needs numbers"),
    ],
)
def test_what_cannot_be_drawn_says_why(asked: dict[str, Any], words: str) -> None:
    with pytest.raises(Unusable, match=words):
        build(asked)


def test_it_says_in_a_line_what_was_drawn() -> None:
    asked = {"kind": "line", "data": {"x": [1, 2], "a": [1, 2], "b": [2, 1]}}
    assert described(wish_of(asked), build(asked)) == "line chart of a, b"
