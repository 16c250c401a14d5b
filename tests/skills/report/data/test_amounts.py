"""Numbers and dates as people write them."""

from datetime import date

import pytest

from skills.report.data import amount, moment


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1", 1), ("-2.5", -2.5), ("+3", 3), ("1,234.5", 1234.5), ("1,234,567", 1234567), (".5", 0.5), ("1e3", 1000),
        ("$1,000.00", 1000), ("(12.50)", -12.5), ("12-", -12), ("−4", -4), ("45 %", 45), ("EUR 7", 7), ("7.5 CHF", 7.5),
        ("1'234.50", 1234.5), ("12 345.6", 12345.6), ("1,00,000", 100000), ("-$5", -5), ("$-5", -5), ("R$ 10", 10),
    ],
)  # fmt: skip
def test_numbers_with_a_decimal_point(written: str, value: float) -> None:
    assert amount.Format(False, "", 0).parse(written) == value


@pytest.mark.parametrize(
    ("written", "value"),
    [("1,5", 1.5), ("1.234,56", 1234.56), ("1.234", 1234), ("12 345,6 €", 12345.6), ("(3,5)", -3.5), ("99,9 %", 99.9)],
)
def test_numbers_with_a_decimal_comma(written: str, value: float) -> None:
    assert amount.Format(True, "", 0).parse(written) == value


@pytest.mark.parametrize(
    "written",
    ["", "x", "1,2,3", "1.2.3", "12:30", "1-2", "(1", "1)", "1 2", "--1", "1_000", "0x10", "1e", "5 apples"],
)
def test_what_is_no_number(written: str) -> None:
    assert amount.Format(False, "", 0).parse(written) is None
    assert amount.Format(False, "", 0).parse_all([written, "1"]) == [None, 1.0]


def test_leading_zeros_make_codes_not_numbers() -> None:
    assert amount.number_format(["01234", "10115", "80331", "04109"], False) is None
    assert amount.number_format(["0", "0.5", "10"], False) is not None


@pytest.mark.parametrize(
    ("column", "comma", "value"),
    [(["1.234", "2.500"], False, 1.234), (["1.234", "2,5"], False, 1234), (["1.234", "2.500"], True, 1234)],
)
def test_a_column_settles_what_one_number_leaves_open(column: list[str], comma: bool, value: float) -> None:
    settled = amount.number_format(column, comma)
    assert settled is not None
    assert settled.parse("1.234") == value


def days(*texts: str, heading: str = "when", day_first: bool = False) -> list[tuple[int, int, int]] | None:
    form = moment.date_form(list(texts), heading, day_first)
    if form is None:
        return None
    found = [date.fromordinal(int((form.parse(text) or 0) // moment.DAY)) for text in texts]
    return [(day.year, day.month, day.day) for day in found]


@pytest.mark.parametrize(
    "written",
    [
        "2025-03-14", "2025/03/14", "2025-03-14T09:30:00Z", "2025-03-14 09:30", "14.03.2025", "14/03/2025", "14-3-25",
        "03/14/2025", "14 Mar 2025", "14. März 2025", "March 14, 2025", "14-Mar-2025", "2025年3月14日", "14 mars 2025",
        "Friday, 14 March 2025", "3/14/2025 9:30 PM", "2025-03-14T09:30:00.123+01:00",
    ],
)  # fmt: skip
def test_dates_in_many_forms(written: str) -> None:
    assert days(written, written) == [(2025, 3, 14)] * 2


def test_one_clear_date_settles_the_order_of_day_and_month() -> None:
    assert days("03/04/2025", "25/12/2025") == [(2025, 4, 3), (2025, 12, 25)]
    assert days("03/04/2025", "12/25/2025", day_first=True) == [(2025, 3, 4), (2025, 12, 25)]
    either = moment.date_form(["03/04/2025", "05/06/2025"], "", False)
    assert either is not None
    assert either.ambiguous


def test_bare_digits_are_dates_only_below_a_heading_that_says_so() -> None:
    assert days("20250314", "20250315", heading="date") == [(2025, 3, 14), (2025, 3, 15)]
    assert days("20250314", "20250315", heading="id") is None
    assert days("2024", "2025", heading="year") == [(2024, 1, 1), (2025, 1, 1)]
    assert days("2024", "2025", heading="units") is None


@pytest.mark.parametrize("written", ["2025-13-01", "2025-02-30", "31.02.2025", "12:30", "1.5", "2025", "", "x" * 1000])
def test_what_is_no_date(written: str) -> None:
    assert days(written, written) is None
