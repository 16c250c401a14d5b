"""Numbers, sizes, shares and dates as a person reads them, in English, the same on every machine."""

import math
from datetime import UTC, datetime

_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB", "EB")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def counted(amount: int, one: str, many: str = "") -> str:
    """Give "1 row" or "1,234 rows"."""
    return f"{amount:,} {one if amount == 1 else many or one + 's'}"


def size(amount: float) -> str:
    """Give a size in decimal units with three figures, as disks are sold: "1.23 GB"."""
    if amount < 1000:
        return counted(int(amount), "byte")
    power = min(int(math.log10(amount)) // 3, len(_UNITS) - 1)
    value = amount / 1000**power
    if value >= 999.5 and power < len(_UNITS) - 1:
        value, power = value / 1000, power + 1
    decimals = 2 if value < 9.995 else 1 if value < 99.95 else 0
    return f"{value:.{decimals}f} {_UNITS[power]}"


def share(part: float, whole: float) -> str:
    """Give "12 %"; what is not nothing is never shown as "0 %", and what is not everything never as "100 %"."""
    if whole <= 0 or part <= 0:
        return "0 %"
    percent = 100 * part / whole
    if percent < 0.1:
        return "< 0.1 %"
    if 99.9 < percent < 100:
        return "> 99.9 %"
    return f"{percent:.1f} %" if percent < 10 or 99 < percent < 100 else f"{percent:.0f} %"


def number(value: float, decimals: int = 0) -> str:
    """Give `value` with thousands separators; what is too large or too small for that in powers of ten."""
    if not math.isfinite(value):
        return str(value).replace("inf", "∞")
    if value and (abs(value) >= 1e15 or abs(value) < 0.5 * 10**-6):
        return f"{value:.4g}"
    while value and abs(value) < 0.5 * 10**-decimals:
        decimals += 1
    return f"{value:,.{decimals}f}".replace("-", "−")


def rounded(value: float) -> str:
    """Give a short form for axes and bars: "1.2 M", "34.5 k", "0.25"."""
    magnitude = abs(value)
    if magnitude and (magnitude >= 1e15 or magnitude < 1e-4):
        return f"{value:.1e}".replace("-", "−")
    for bound, unit in ((1e12, " T"), (1e9, " G"), (1e6, " M"), (1e4, " k")):
        if magnitude >= bound:
            return f"{value / (1000 if unit == ' k' else bound):.4g}{unit}".replace("-", "−")
    return f"{value:,.4g}".replace("-", "−") if magnitude < 1000 else f"{value:,.0f}".replace("-", "−")


def day(seconds: float) -> str:
    """Give the local day of a time in seconds since the epoch: "26 Nov 2026"; a dash where no calendar has it."""
    moment = _moment(seconds)
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}" if moment else "–"


def minute(seconds: float) -> str:
    """Give the local day and time of a time in seconds since the epoch: "26 Nov 2026, 06:15"."""
    moment = _moment(seconds)
    return f"{day(seconds)}, {moment.hour:02d}:{moment.minute:02d}" if moment else "–"


def age(seconds: float) -> str:
    """Give a length of time in its largest unit: "3 days", "2 years"."""
    for length, name in ((365.25 * 86400, "year"), (30.44 * 86400, "month"), (86400, "day"), (3600, "hour")):
        if seconds >= length:
            return counted(int(seconds / length), name)
    return "less than an hour"


def _moment(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC).astimezone()
    except (OverflowError, ValueError, OSError):
        return None
