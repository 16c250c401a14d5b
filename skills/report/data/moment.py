"""Dates and times as people write them; a column's form is settled once, then every cell is read by it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

DAY = 86400
_LONGEST = 64
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero gennaio",
            "feb february februar février febrero febbraio fév",
            "mar march märz mars marzo mär mrz",
            "apr april avril abril aprile avr abr",
            "may mai mayo maggio",
            "jun june juni juin junio giugno",
            "jul july juli juillet julio luglio",
            "aug august août agosto ago",
            "sep sept september septembre septiembre settembre",
            "oct october oktober octobre octubre ottobre okt",
            "nov november novembre noviembre",
            "dec december dezember décembre diciembre dicembre dez dic déc",
        ),
        1,
    )
    for name in names.split()
}
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
_ZONE = r"(?:\s*(?:Z|UTC|[+-]\d{2}:?\d{2}))?"
_TIME = rf"(?:[T ,]+{_CLOCK}\s*(?P<half>[AaPp][Mm])?{_ZONE})?"
_NAME, _NTH = r"(?P<name>[^\W\d_]{3,10})\.?", r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR, _TWO = r"(?P<year>\d{4})", r"(?P<year>\d{4}|\d{2})"
_PATTERNS = {
    "year first": rf"{_YEAR}[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_TIME}",
    "day first": rf"(?P<day>\d{{1,2}})[-/.](?P<month>\d{{1,2}})[-/.]{_TWO}{_TIME}",
    "month first": rf"(?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})[-/.]{_TWO}{_TIME}",
    "named month": rf"(?:\w+,\s*)?{_NTH}[-. ]+{_NAME}[-, ]+{_TWO}{_TIME}",
    "month named first": rf"{_NAME}\s+{_NTH},?\s+{_YEAR}{_TIME}",
    "east asian": rf"{_YEAR}\s*[年년]\s*(?P<month>\d{{1,2}})\s*[月월]\s*(?:(?P<day>\d{{1,2}})\s*[日일])?{_TIME}",
    "month": rf"{_YEAR}-(?P<month>\d{{1,2}})",
    "name and year": rf"{_NAME}[- ]{_TWO}",
    "digits": r"(?P<year>(?:19|20)\d{2})(?P<month>[01]\d)(?P<day>[0-3]\d)",
    "year": r"(?P<year>1[5-9]\d{2}|20\d{2})",
}
_NAMED_COLUMN = re.compile(r"date|datum|day|tag|fecha|data|dato|日付|日期|날짜|дата", re.I)
_YEAR_COLUMN = re.compile(r"^(?:\w*year|jahr|année|annee|año|anno|ano|年|год|fy)$", re.I)


@dataclass(frozen=True, slots=True)
class Form:
    """How a column writes its dates; `ambiguous` where day and month could as well be the other way round."""

    name: str
    parse: Callable[[str], float | None]
    timed: bool
    ambiguous: bool = False


def date_form(texts: Sequence[str], heading: str, day_first: bool) -> Form | None:
    """Tell in which form a column's texts are dates; None where fewer than nine in ten are.

    Bare digits are dates only below a heading that says so. `day_first` decides what 03/04/2024 means where nothing
    in the column does.
    """
    if not any(character.isdigit() for text in texts[:50] for character in text):
        return None
    for name in _candidates(heading, day_first):
        parse = _parser(name)
        if _fits(texts, parse):
            other = {"day first": "month first", "month first": "day first"}.get(name)
            ambiguous = other is not None and _fits(texts, _parser(other), 1.0)
            timed = any((parse(text) or 0) % DAY for text in texts)
            return Form(name, parse, timed, ambiguous)
    return None


def is_date(text: str) -> bool:
    """Tell whether a text is a date in any form but bare digits."""
    return any(_parser(name)(text) is not None for name in _PATTERNS if name not in ("digits", "year"))


def _candidates(heading: str, day_first: bool) -> list[str]:
    order = ["day first", "month first"] if day_first else ["month first", "day first"]
    names = ["year first", *order, "named month", "month named first", "east asian", "month", "name and year"]
    if _NAMED_COLUMN.search(heading):
        names.append("digits")
    if _YEAR_COLUMN.match(heading.strip()):
        names.append("year")
    return names


def _fits(texts: Sequence[str], parse: Callable[[str], float | None], least: float = 0.9) -> bool:
    probe = texts[:20]
    if sum(1 for text in probe if parse(text) is not None) < 0.5 * len(probe):
        return False
    return sum(1 for text in texts if parse(text) is not None) >= least * len(texts) > 0


def _parser(name: str) -> Callable[[str], float | None]:
    match = re.compile(_PATTERNS[name]).fullmatch

    def parse(text: str) -> float | None:
        found = match(text) if len(text) <= _LONGEST else None
        return _seconds(found.groupdict()) if found else None

    return parse


def _seconds(parts: dict[str, str | None]) -> float | None:
    name = parts.get("name")
    month = _MONTHS.get(name.lower().rstrip("."), 0) if name else int(parts.get("month") or 1)
    year = int(parts["year"] or 0)
    if len(parts["year"] or "") == 2:
        year += 2000 if year < 70 else 1900
    try:
        days = date(year, month, int(parts.get("day") or 1)).toordinal()
    except ValueError:
        return None
    hour, minute, second = (int(parts.get(part) or 0) for part in ("hour", "minute", "second"))
    if half := parts.get("half"):
        hour = hour % 12 + (12 if half.lower() == "pm" else 0)
    if hour > 23 or minute > 59 or second > 60:
        return None
    return float(days * DAY + hour * 3600 + minute * 60 + second)
