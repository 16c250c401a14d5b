"""Durations, money and sizes as they are said in a language."""

from daemon.domain.limits import MICROS
from daemon.domain.words import Words


def duration(words: Words, seconds: float) -> str:
    """Say how long something took: "12 s", "3 min 4 s", "1 h 2 min"."""
    whole = max(0, round(seconds))
    if whole < 60:
        return words.say("unit.seconds", n=whole)
    if whole < 3600:
        return words.say("unit.minutes", m=whole // 60, s=whole % 60)
    return words.say("unit.hours", h=whole // 3600, m=whole % 3600 // 60)


def money(micros: int) -> str:
    """Say an amount of micro-dollars; below a cent with as many digits as it needs."""
    amount = micros / MICROS
    return f"${amount:,.2f}" if micros == 0 or micros >= MICROS // 100 else f"${amount:.6f}".rstrip("0")


def size(count: int) -> str:
    """Say a number of bytes, by powers of 1000."""
    amount = float(count)
    for unit in ("B", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"
