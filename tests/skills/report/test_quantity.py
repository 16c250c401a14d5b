import pytest

from skills.report.quantity import age, counted, day, minute, number, rounded, share, size


@pytest.mark.parametrize(
    ("amount", "said"),
    [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1.00 kB"), (12_345, "12.3 kB"), (999_999, "1.00 MB"),
     (123_456_789, "123 MB"), (5e12, "5.00 TB"), (1e30, "1000000000000 EB")],
)  # fmt: skip
def test_sizes_have_three_figures(amount: float, said: str) -> None:
    assert size(amount) == said


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(0, 0, "0 %"), (0, 5, "0 %"), (1, 100_000, "< 0.1 %"), (1, 3, "33 %"), (1, 20, "5.0 %"), (999, 1000, "99.9 %"),
     (99_999, 100_000, "> 99.9 %"), (5, 5, "100 %")],
)  # fmt: skip
def test_a_share_that_is_something_is_never_nothing_and_never_all(part: float, whole: float, said: str) -> None:
    assert share(part, whole) == said


@pytest.mark.parametrize(
    ("value", "decimals", "said"),
    [(1234.5, 1, "1,234.5"), (-5, 0, "−5"), (0.0, 2, "0.00"), (0.004, 1, "0.004"), (1e300, 0, "1e+300"),
     (float("inf"), 0, "∞"), (0.4, 0, "0.4")],
)  # fmt: skip
def test_numbers_keep_what_they_are(value: float, decimals: int, said: str) -> None:
    assert number(value, decimals) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0"), (5, "5"), (0.25, "0.25"), (9999, "9,999"), (12_345, "12.35 k"), (2_500_000, "2.5 M"), (-3e9, "−3 G"),
     (1e18, "1.0e+18")],
)  # fmt: skip
def test_axes_have_short_numbers(value: float, said: str) -> None:
    assert rounded(value) == said


def test_times_that_no_calendar_has_are_dashes() -> None:
    assert day(1e18) == "–"
    assert minute(-1e18) == "–"


def test_counts_and_ages_have_their_unit() -> None:
    assert (counted(1, "row"), counted(1234, "row"), counted(2, "entry", "entries")) == (
        "1 row",
        "1,234 rows",
        "2 entries",
    )
    assert (age(90_000), age(3 * 86_400), age(800 * 86_400), age(-5)) == (
        "1 day",
        "3 days",
        "2 years",
        "less than an hour",
    )
