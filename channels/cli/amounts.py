"""Money and sizes, for people and for programs. The house counts money in micro-dollars, sizes in bytes."""

from channels.rendering.amounts import money, size
from daemon.domain.limits import MICROS

__all__ = ["MICROS", "counted", "dollars", "money", "size"]


def dollars(micros: int) -> float:
    """Give an amount as a number of dollars, for JSON."""
    return micros / MICROS


def counted(count: int, noun: str) -> str:
    """Say how many: "1 run", "2 runs"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
