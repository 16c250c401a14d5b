"""The storms in their short form; `--storm=long` makes them long."""

from pathlib import Path

from tests.storm.box_storm import box_storm
from tests.storm.budget_storm import budget_storm
from tests.storm.failpoint_storm import failpoint_storm
from tests.storm.fence_storm import fence_storm
from tests.storm.forget_storm import forget_storm
from tests.storm.random_storm import random_storm

_SEED = 20261121


def test_nothing_is_lost_and_nothing_happens_twice_whenever_the_agent_is_killed(
    tmp_path: Path, storm_is_long: bool
) -> None:
    runs, kills, copies = (60, 120, 12) if storm_is_long else (10, 14, 4)
    report = random_storm(tmp_path, "random", _SEED, runs, kills, copies, asks=False)
    assert report.broken == [], report.table()


def test_every_failpoint_is_reached_and_survived(tmp_path: Path, storm_is_long: bool) -> None:
    report = failpoint_storm(tmp_path, "failpoints", _SEED, 3 if storm_is_long else 1, asks=True)
    assert report.broken == [], report.table()


def test_a_cap_of_one_dollar_holds_with_eight_runs_at_once_in_two_workers(tmp_path: Path, storm_is_long: bool) -> None:
    report = budget_storm(tmp_path, "budget", _SEED, 30 if storm_is_long else 5, two=True)
    assert report.broken == [], report.table()


def test_a_worker_that_was_taken_for_dead_changes_nothing_any_more(tmp_path: Path, storm_is_long: bool) -> None:
    report = fence_storm(tmp_path, "fence", _SEED, 20 if storm_is_long else 4)
    assert report.broken == [], report.table()


def test_what_is_kept_is_whole_when_forgetting_is_cut_off(tmp_path: Path, storm_is_long: bool) -> None:
    report = forget_storm(tmp_path, "forget", _SEED, 40 if storm_is_long else 8)
    assert report.broken == [], report.table()


def test_no_command_outlives_the_worker_that_ran_it(tmp_path: Path) -> None:
    report = box_storm(tmp_path, "box", _SEED)
    assert report.broken == [], report.table()
