"""Times of a log in words: as they stand in it, whatever the zone of this machine is."""

from datetime import UTC, datetime

from skills.report.quantity import MONTHS

DAY = 86_400
# What a calendar has; bars may begin before and end after it.
_FIRST, _LAST = (end.replace(tzinfo=UTC, microsecond=0).timestamp() for end in (datetime.min, datetime.max))


def moment(when: float) -> str:
    """Give "26 Nov 2026, 06:08:12"."""
    at = _calendar(when)
    return f"{_day(at)} {at.year}, {at:%H:%M:%S}"


def tick(when: float, span: float) -> str:
    """Give a label for an axis that is `span` seconds long."""
    at = _calendar(when)
    if span <= 300:
        return f"{at:%H:%M:%S}"
    if span <= 1.5 * DAY:
        return f"{at:%H:%M}"
    if span <= 5 * DAY:
        return f"{_day(at)}, {at:%H:%M}"
    return _day(at) if span <= 300 * DAY else f"{MONTHS[at.month - 1]} {at.year}"


def width_words(seconds: int) -> str:
    """Give "5 minutes" for the width of a bar."""
    for length, name in ((DAY, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        if seconds % length == 0:
            count = seconds // length
            return name if count == 1 else f"{count:,} {name}s"
    return f"{seconds} seconds"


def _calendar(when: float) -> datetime:
    return datetime.fromtimestamp(min(_LAST, max(_FIRST, when)), UTC)


def _day(at: datetime) -> str:
    return f"{at.day} {MONTHS[at.month - 1]}"
