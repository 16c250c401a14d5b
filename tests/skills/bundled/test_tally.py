"""Counts in bounded memory: exact while they are few, close when they are many."""

from collections import Counter

import numpy as np
import pytest

from tests.skills.bundled.script import load

tally = load("csv-report", "tally")
measure = load("csv-report", "measure")


def test_few_values_are_counted_exactly() -> None:
    counts = tally.Tally(10)
    for _ in range(100):
        counts.add(Counter(["a", "a", "b"]))
    assert (counts.exact, counts.distinct()) == (True, 2)
    assert counts.most_common(5) == [("a", 200), ("b", 100)]


@pytest.mark.parametrize("pattern", ["{}", "user-{}", "2025-{}", "{:08d}"])
def test_many_values_are_estimated_within_six_per_cent(pattern: str) -> None:
    counts = tally.Tally(1000)
    for start in range(0, 300_000, 5000):
        counts.add(Counter(pattern.format(index) for index in range(start, start + 5000)))
    assert not counts.exact
    assert abs(counts.distinct() - 300_000) < 18_000


def test_a_frequent_value_survives_among_many_rare_ones() -> None:
    counts = tally.Tally(1000)
    for start in range(0, 50_000, 500):
        rare = {f"r{index}": 1 for index in range(start, start + 500)}
        counts.add(Counter({"often": 2000, **rare}))
    assert counts.most_common(1) == [("often", 200_000)]


def test_long_cells_are_told_apart_but_not_kept() -> None:
    keys = tally.keyed(["x" * 1_000_000 + "a", "x" * 1_000_000 + "b", "short"])
    assert len(set(keys)) == 3
    assert max(map(len, keys)) < 200
    assert tally.shown(keys[0]) == "x" * 60 + "…"


def test_moments_of_chunks_are_those_of_the_whole() -> None:
    values = np.random.default_rng(1).normal(1e6, 3, 20_000)
    added = measure.Measure(50_000, 0)
    for part in np.array_split(values, 37):
        added.add(part)
    found = added.distribution(20)
    assert found.exact
    assert found.mean == pytest.approx(values.mean(), rel=1e-12)
    assert found.deviation == pytest.approx(values.std(ddof=1), rel=1e-9)
    assert sum(found.bins) == 20_000


def test_quartiles_of_a_sample_are_close_and_the_same_each_time() -> None:
    values = np.random.default_rng(2).exponential(10, 200_000)
    found = []
    for _ in range(2):
        added = measure.Measure(20_000, 5)
        for part in np.array_split(values, 40):
            added.add(part)
        found.append(added.distribution(20))
    assert found[0] == found[1]
    assert not found[0].exact
    assert found[0].quartiles == pytest.approx(np.quantile(values, (0.25, 0.5, 0.75)), rel=0.05)
    assert (found[0].low, found[0].high) == (values.min(), values.max())


@pytest.mark.parametrize("values", [[1e308, -1e308, 1e308], [5.0], [0.0, 0.0], [1e-300, 2e-300], [1, 2, 3, 1e300]])
def test_every_number_is_in_a_bar_however_extreme(values: list[float]) -> None:
    added = measure.Measure(100, 0)
    added.add(np.array(values))
    found = added.distribution(20)
    assert sum(found.bins) == len(values)
    assert list(found.edges) == sorted(found.edges)


def test_bars_are_equally_wide_and_values_far_out_are_in_the_outermost() -> None:
    added = measure.Measure(2000, 0)
    added.add(np.array([*np.arange(1000.0) % 50, -900, 160]))
    found = added.distribution(20)
    assert np.ptp(np.diff(found.edges)) < 1e-9
    assert -900 < found.edges[0] <= 0
    assert 49 <= found.edges[-1] < 160
    assert sum(found.bins) == 1002
