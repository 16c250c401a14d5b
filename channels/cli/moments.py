"""Times as people read them, as the plain forms have them, and as programs want them."""

import time
from datetime import UTC, datetime

_UNITS = ((86400, "d"), (3600, "h"), (60, "min"))


def now() -> float:
    """Give the seconds since the epoch."""
    return time.time()


def utc(moment: float | None) -> str | None:
    """Give ISO 8601 in UTC with milliseconds, for JSON."""
    if moment is None:
        return None
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def plain(moment: float) -> str:
    """Give the local time to the second, as the plain forms have it: 2026-01-15T03:20:25."""
    return datetime.fromtimestamp(moment).isoformat(timespec="seconds")


def clock(moment: float) -> str:
    """Give the local time as a person reads it: of today "03:20:25", else with the day before it."""
    day, _, time_of_day = plain(moment).partition("T")
    return time_of_day if day == plain(now())[:10] else f"{day} {time_of_day}"


def ago(moment: float) -> str:
    """Say how long ago that was: "2 min ago"; after a month the day."""
    seconds = now() - moment
    if seconds < 10:
        return "just now"
    if seconds >= 30 * 86400:
        return plain(moment)[:10]
    return f"{_rough(seconds)} ago"


def within(moment: float) -> str:
    """Say how far off a moment is: "in 6 d"; "now" when it is past."""
    seconds = moment - now()
    return f"in {_rough(seconds)}" if seconds > 0 else "now"


def duration(seconds: float) -> str:
    """Say how long something took: "2.4 s", "3 min 5 s", "1 h 20 min"."""
    if seconds < 60:
        return f"{max(seconds, 0.0):.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def days_back(days: int) -> str:
    """Name the first of the last `days` days (UTC), today included."""
    return f"{datetime.fromtimestamp(now() - (days - 1) * 86400, UTC):%Y-%m-%d}"


def _rough(seconds: float) -> str:
    for size, name in _UNITS:
        if seconds >= size:
            return f"{int(seconds // size)} {name}"
    return f"{int(seconds)} s"
