"""How much a run, a day or a month may use. Money is in micro-dollars (1 USD = 1_000_000), time in seconds."""

from dataclasses import dataclass, fields
from enum import StrEnum

MICROS = 1_000_000


class Measure(StrEnum):
    """The things that are limited (T10)."""

    STEPS = "steps"
    SECONDS = "seconds"
    MODEL_CALLS = "model_calls"
    TOKENS = "tokens"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Usage:
    """An amount of each measure: used, reserved, or allowed in all."""

    steps: int = 0
    seconds: int = 0
    model_calls: int = 0
    tokens: int = 0
    money: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        """Add measure by measure."""
        return Usage(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Usage)))

    def __sub__(self, other: "Usage") -> "Usage":
        """Subtract measure by measure; the result may be negative."""
        return Usage(*(getattr(self, f.name) - getattr(other, f.name) for f in fields(Usage)))


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds; None means that this measure is not limited."""

    steps: int | None = None
    seconds: int | None = None
    model_calls: int | None = None
    tokens: int | None = None
    money: int | None = None

    def exceeded_by(self, usage: Usage) -> Measure | None:
        """Name the first measure in which `usage` is above its bound, or None."""
        for measure in Measure:
            bound: int | None = getattr(self, measure.value)
            if bound is not None and getattr(usage, measure.value) > bound:
                return measure
        return None

    def over(self, fallback: "Limits") -> "Limits":
        """Take each bound from here, and where there is none from `fallback`."""
        return Limits(
            **{
                m.value: getattr(self, m.value) if getattr(self, m.value) is not None else getattr(fallback, m.value)
                for m in Measure
            }
        )

    def raised(self, measure: Measure, bound: int) -> "Limits":
        """Give the same limits with `measure` bounded by `bound`."""
        return Limits(**{m.value: bound if m is measure else getattr(self, m.value) for m in Measure})


def spoken(measure: Measure, amount: int) -> str:
    """Say an amount the way a person would: "$1.50", "40 steps"."""
    if measure is Measure.MONEY:
        return f"${amount / MICROS:,.2f}" if amount >= MICROS // 100 or amount == 0 else f"${amount / MICROS:.6f}"
    return f"{amount:,} {measure.value.replace('_', ' ')}"
