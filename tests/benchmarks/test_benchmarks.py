import json
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import NAMES, main, measure
from tests.benchmarks.figure import Figure, figure, ratio
from tests.benchmarks.setting import Setting
from tests.benchmarks.table import plain


@pytest.mark.parametrize("name", NAMES)
def test_a_benchmark_runs_and_each_of_its_figures_has_values_and_a_unit(name: str, tmp_path: Path) -> None:
    figures = measure(name, Setting(quick=True, data=tmp_path))
    assert len(figures) > 1
    assert [one for one in figures if not one.unit or not one.values or min(one.values) < 0] == []


def test_the_command_prints_and_writes_the_figures_of_those_that_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = tmp_path / "figures.json", tmp_path / "figures.md"
    arguments = [
        "sandbox-cost",
        "--quick",
        "--data",
        str(tmp_path),
        "--json",
        str(files[0]),
        "--markdown",
        str(files[1]),
    ]
    assert main(arguments) == 0
    printed = capsys.readouterr().out
    found = json.loads(files[0].read_text("utf-8"))["benchmarks"]
    assert list(found) == ["sandbox-cost"]
    first = found["sandbox-cost"][0]
    assert first["count"] == len(first["values"])
    assert first["min"] <= first["median"] <= first["max"]
    assert all(one["name"] in printed for one in found["sandbox-cost"])
    assert first["name"] in files[1].read_text("utf-8")


def test_an_unknown_benchmark_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["no-such-thing"])
    assert "light-commands" in capsys.readouterr().err


def test_a_promise_is_held_against_the_median_or_where_it_is_strict_against_the_greatest() -> None:
    values = (1.0, 2.0, 9.0)
    assert figure("a", "ms", values, 2.0).holds is True
    assert figure("a", "ms", values, 1.9).holds is False
    assert figure("a", "ms", values, 8.9, strict=True).holds is False
    assert figure("a", "ms", values, 9.0, strict=True).holds is True
    assert figure("a", "ms", values).holds is None


def test_a_ratio_is_taken_round_by_round() -> None:
    assert ratio("a / b", [10.0, 30.0], [5.0, 10.0]) == Figure("a / b", "x", (2.0, 3.0))
    with pytest.raises(ValueError, match="longer"):
        ratio("a / b", [1.0], [1.0, 2.0])


def test_a_figure_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        figure("a", "ms", [])


def test_the_table_names_what_does_not_hold() -> None:
    head, kept, broken = plain([figure("kept", "ms", [1.0], 2.0), figure("broken", "ms", [3.0], 2.0)]).splitlines()
    assert head.split() == ["what", "unit", "median", "min", "max", "count", "wanted", "holds"]
    assert kept.split()[-1] == "yes"
    assert broken.split()[-1] == "NO"
