"""The time at the beginning of a line of a log, as it stands there: offsets are read and not applied."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
_MONTH = f"(?P<m>{'|'.join(_NAMES)})"
_TIME = r"(?P<H>\d\d):(?P<M>\d\d):(?P<S>\d\d)(?:[.,]\d{1,9})?"
_ZONE = r"(?:\s?(?P<zone>Z|UTC|[+-]\d\d:?\d\d))?"
_WITHIN = 64  # how far from the beginning a time may stand
DAY = 86_400

ISO = re.compile(rf"(?<!\d)(?P<Y>\d{{4}})[-/](?P<n>\d\d)[-/](?P<d>\d\d)[T _]{_TIME}{_ZONE}")
_DOTTED = re.compile(rf"(?<!\d)(?P<d>\d\d)\.(?P<n>\d\d)\.(?P<Y>\d{{4}}),? {_TIME}")
_APACHE = re.compile(rf"\[(?:[A-Z][a-z][a-z] )?{_MONTH} {{1,2}}(?P<d>\d{{1,2}}) {_TIME} (?P<Y>\d{{4}})\]")
_WEB = re.compile(rf"\[(?P<d>\d\d)/{_MONTH}/(?P<Y>\d{{4}}):{_TIME}{_ZONE}\]")
_SYSLOG = re.compile(rf"(?:<\d{{1,3}}>)?{_MONTH} {{1,2}}(?P<d>\d{{1,2}}) (?:(?P<Y>\d{{4}}) )?{_TIME}")
_KUBERNETES = re.compile(rf"[DIWEF](?P<n>\d\d)(?P<d>\d\d) {_TIME} ")
_EPOCH = re.compile(r"\[?(?P<epoch>1\d{9})(?:\.\d{1,9}|\d{3})?\]?(?= |$)")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time in seconds, as if it stood there in UTC, where it stands in the line, and the offset beside it."""

    when: float
    start: int
    end: int
    zone: str = ""


class Stamps:
    """Finds times; the form that fitted last is tried first."""

    def __init__(self, now: int) -> None:
        """Take years that a line leaves out from `now`: the last in which it was not in the future."""
        self._now = now
        self._forms: list[Callable[[str, int, int], re.Match[str] | None]] = [
            ISO.search, _SYSLOG.match, _APACHE.search, _WEB.search, _KUBERNETES.match, _EPOCH.match, _DOTTED.search,
        ]  # fmt: skip

    def find(self, line: str) -> Stamp | None:
        """Give the time near the beginning of a line; None where there is none that a calendar has."""
        for place, form in enumerate(self._forms):
            found = form(line, 0, _WITHIN)
            when = None if found is None else self.moment(found)
            if found is None or when is None:
                continue
            if place:
                self._forms.insert(0, self._forms.pop(place))
            return Stamp(when, found.start(), found.end(), found.groupdict().get("zone") or "")
        return None

    def moment(self, found: re.Match[str]) -> float | None:
        """Give the seconds that a match says."""
        part = found.groupdict()
        if part.get("epoch"):
            return float(part["epoch"])
        month = _MONTHS[part["m"]] if part.get("m") else int(part["n"])
        clock = [int(part[key]) for key in "HMS"]
        if part.get("Y"):
            return _seconds(int(part["Y"]), month, int(part["d"]), clock)
        year = datetime.fromtimestamp(self._now, UTC).year
        when = _seconds(year, month, int(part["d"]), clock)
        if when is None or when > self._now + DAY:
            return _seconds(year - 1, month, int(part["d"]), clock)
        return when


def _seconds(year: int, month: int, day: int, clock: list[int]) -> float | None:
    try:
        # A leap second is the last of its minute.
        return datetime(year, month, day, clock[0], clock[1], min(59, clock[2]), tzinfo=UTC).timestamp()
    except (ValueError, OverflowError):
        return None
