"""Values of a column in words: numbers with their unit, dates as days, texts on one line."""

import re
from datetime import datetime, timedelta

from column import Profile

from skills.report.data.amount import Format
from skills.report.data.moment import DAY
from skills.report.quantity import MONTHS, number, rounded
from skills.report.visible import breakable, clipped, one_line

_SMALL = re.compile(r"[^\W\d_A-Z]+(?![\w])")
_IN_FRONT = frozenset("$£¥₹₩₦₪฿₱") | {"R$"}


def named(text: str, width: int = 40) -> str:
    """Give a name or a value of the data for use in a sentence or beside a bar."""
    return breakable(clipped(one_line(text), width), 24)


def labelled(text: str) -> str:
    """Give a value of the data as the label of a bar."""
    return breakable(clipped(one_line(text), 32), 14)


def column_name(profile: Profile, width: int = 40) -> str:
    """Give a column's name for a sentence; where the file has no headings it is a number."""
    return f"column {profile.name}" if profile.name.isdecimal() else named(profile.name, width)


def as_column(profile: Profile) -> str:
    """Give a column's name for a sentence that would read wrong with a common word: "the column date"."""
    name = column_name(profile)
    return f"the column {name}" if name.isalpha() else name


def sentence(text: str) -> str:
    """Give `text` with a capital at its beginning."""
    return text[:1].upper() + text[1:] if _SMALL.match(text) else text


def quoted(text: str, width: int = 40) -> str:
    """Give a name or a value of the data in quotation marks."""
    return f"“{named(text, width)}”"


def amount(value: float, form: Format | None, more: int = 0, short: bool = False) -> str:
    """Give a number of a column with its unit, with `more` decimals than the data has; `short` for bars and axes."""
    decimals = min(6, (form.decimals if form else 0) + more)
    # A thousandth of a billion says nothing.
    if abs(value) >= 1e7 and more:
        decimals = min(decimals, 1)
    text = rounded(value) if short else number(value, decimals)
    unit = form.unit if form else ""
    if not unit:
        return text
    return f"{unit}{text}" if unit in _IN_FRONT else f"{text} {unit}"


def moment(seconds: float, timed: bool) -> str:
    """Give a date of the data, with its time where the column has times."""
    found = datetime.min + timedelta(seconds=seconds - DAY)
    day = f"{found.day} {MONTHS[found.month - 1]} {found.year}"
    return f"{day}, {found.hour:02d}:{found.minute:02d}" if timed else day


def date_of(profile: Profile, seconds: float | None) -> str:
    """Give a date of a column as the column writes it: a day, a day and time, or a year."""
    if seconds is None:
        return "–"
    form = profile.kind.form
    if form is not None and form.name == "year":
        return moment(seconds, False).rpartition(" ")[2]
    return moment(seconds, form is not None and form.timed)


def least_and_most(profile: Profile) -> tuple[str, str]:
    """Give the smallest and largest value of a column, or the shortest and longest length of its texts."""
    if profile.kind.name == "date":
        return date_of(profile, profile.earliest), date_of(profile, profile.latest)
    spread = profile.distribution
    if spread is not None:
        form = profile.kind.format
        if profile.kind.identifier:
            return f"{spread.low:.0f}", f"{spread.high:.0f}"
        return amount(spread.low, form), amount(spread.high, form)
    if not profile.present or profile.kind.name == "boolean":
        return "–", "–"
    return f"{profile.shortest:,} characters", f"{profile.longest:,} characters"


def distinct_of(profile: Profile) -> str:
    """Give how many different values a column has, "about" where that is an estimate."""
    return f"{profile.distinct:,}" if profile.counted_exactly else f"about {profile.distinct:,}"
