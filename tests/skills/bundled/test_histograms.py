"""A histogram of the CSV report says by its ticks what each of its bars holds, also where a few values lie far out."""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from skills.report.charts import Histogram
from skills.report.data.source import Source
from tests.skills.bundled.script import BUNDLED, Desk, text

SCRIPTS = BUNDLED / "csv-report" / "scripts"
USUAL = [value for value in range(50) for _ in range(4)]


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, ModuleType]]:
    """Give the modules of the skill, which are called by plain names."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(SCRIPTS))
    yield {name: import_module(name) for name in ("survey", "measurement", "pictures", "measure")}
    for name in set(sys.modules) - before:
        if (SCRIPTS / f"{name}.py").is_file():
            del sys.modules[name]


def drawn(scripts: dict[str, ModuleType], folder: Path, values: list[int]) -> Histogram:
    file = folder / "data.csv"
    file.write_text("size\n" + "".join(f"{value}\n" for value in values))
    found = scripts["survey"].survey(Source(file), 0)
    charts = scripts["pictures"].pictures(scripts["measurement"].measure(found, 0), None)
    (histogram,) = (chart for chart in charts if isinstance(chart, Histogram))
    return histogram


@pytest.mark.parametrize("far", [[], [160], [-900], [-900, 160], [10**9]])
def test_each_value_lies_in_the_bar_that_the_ticks_say(
    far: list[int], scripts: dict[str, ModuleType], tmp_path: Path
) -> None:
    chart = drawn(scripts, tmp_path, [7] * 600 + USUAL + far)
    ticks = [(float(tick.label.replace("−", "-")), tick.at) for tick in chart.across]
    (low, low_at), (high, high_at) = ticks[0], ticks[-1]
    bars = len(chart.heights)

    def bar_of(value: int) -> int:
        at = low_at + (value - low) * (high_at - low_at) / (high - low)
        return min(int(at * bars + 1e-9), bars - 1)

    assert all(chart.heights[bar_of(value)] > 0 for value in range(50))
    assert bar_of(7) == chart.heights.index(max(chart.heights))


def test_what_lies_beyond_the_axis_is_said(scripts: dict[str, ModuleType], tmp_path: Path) -> None:
    note = drawn(scripts, tmp_path, [*USUAL, -900, 160]).note
    assert "the first bar takes in all below " in note
    assert "down to −900" in note
    assert "the last bar takes in all from " in note
    assert note.endswith("up to 160")


def test_nothing_is_said_where_all_is_drawn(scripts: dict[str, ModuleType], tmp_path: Path) -> None:
    assert drawn(scripts, tmp_path, USUAL).note == "How often, 200 values"


def test_the_note_stands_in_the_report(desk: Desk) -> None:
    data = "size\n" + "".join(f"{value}\n" for value in [*USUAL, 160])
    ended = desk.run("csv-report", "--file", desk.put("data.csv", data.encode()))
    assert ended.errors == ""
    assert "on, up to 160" in text(desk.pdf())
