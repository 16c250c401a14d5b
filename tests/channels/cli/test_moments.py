import pytest

from channels.cli import moments
from channels.cli.amounts import counted, dollars, money, size

NOON = 1_768_446_025.25  # 2026-01-15T03:00:25.250Z


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moments, "now", lambda: NOON)


def test_programs_get_utc_with_milliseconds() -> None:
    assert moments.utc(NOON) == "2026-01-15T03:00:25.250Z"
    assert moments.utc(None) is None


def test_a_clock_leaves_out_the_day_of_today() -> None:
    assert moments.clock(NOON) == moments.plain(NOON)[11:]
    assert moments.clock(NOON - 30 * 86400) == moments.plain(NOON - 30 * 86400).replace("T", " ")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "just now"), (-5, "just now"), (59, "59 s ago"), (150, "2 min ago"), (7300, "2 h ago"), (200_000, "2 d ago")],
)
def test_people_get_how_long_ago(seconds: float, said: str) -> None:
    assert moments.ago(NOON - seconds) == said


def test_after_a_month_people_get_the_day() -> None:
    assert moments.ago(NOON - 40 * 86400)[:8] == "2025-12-"


def test_a_moment_to_come_is_told_by_its_distance() -> None:
    assert moments.within(NOON + 6.5 * 86400) == "in 6 d"
    assert moments.within(NOON - 1) == "now"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-1, "0.0 s"), (2.44, "2.4 s"), (185, "3 min 5 s"), (3599.9, "1 h 0 min"), (4800, "1 h 20 min")],
)
def test_durations_in_words(seconds: float, said: str) -> None:
    assert moments.duration(seconds) == said


def test_days_back_counts_today() -> None:
    assert moments.days_back(1) == "2026-01-15"
    assert moments.days_back(30) == "2025-12-17"


@pytest.mark.parametrize(
    ("micros", "said"),
    [(0, "$0.00"), (310_000, "$0.31"), (1_234_500_000, "$1,234.50"), (42, "$0.000042"), (9_990, "$0.00999")],
)
def test_money_in_words_keeps_what_is_below_a_cent(micros: int, said: str) -> None:
    assert money(micros) == said


def test_other_amounts() -> None:
    assert dollars(1_500_000) == 1.5
    assert [size(n) for n in (12, 1_400, 1_400_000, 2_000_000_000, 3 * 10**12)] == [
        "12 B",
        "1.4 kB",
        "1.4 MB",
        "2.0 GB",
        "3000.0 GB",
    ]
    assert (counted(1, "run"), counted(0, "run"), counted(1200, "run")) == ("1 run", "0 runs", "1,200 runs")
