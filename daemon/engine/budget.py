"""Limits (T10): reserve before a call, settle after it, ask when a limit is reached.

What a kill left unsettled stays in the books as spent, because it was charged in full before the call.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from daemon.domain.approval import Approval, ApprovalKind
from daemon.domain.canonical import digest_of
from daemon.domain.limits import Limits, Measure, Usage, spoken
from daemon.domain.run import Run
from daemon.settings.sections import LimitSettings
from daemon.store import approvals, ledger


@dataclass(frozen=True, slots=True)
class Shortage:
    """What stands in the way of a call: the scope ("run", "day:2026-01-31", "month:2026-01"), its bound, the need."""

    scope: str
    measure: Measure
    bound: int
    needed: int

    @property
    def proposed(self) -> int:
        """Give the bound that the owner is asked for: twice as much, or what is needed."""
        return max(2 * self.bound, self.needed)

    @property
    def digest(self) -> str:
        """Name this very question."""
        return digest_of([self.scope, self.measure, self.bound])

    def call(self) -> dict[str, str | int]:
        """Give what a yes does, as JSON values."""
        given = {"scope": self.scope, "measure": self.measure.value, "bound": self.proposed}
        return given | {"reached": self.bound, "needed": self.needed}

    def reached(self) -> str:
        """Say to the owner that it is reached."""
        scope = {"r": "this run", "d": "today", "m": "this month"}[self.scope[0]]
        return (
            f"The limit for {scope} is reached: {spoken(self.measure, self.bound)} in all, "
            f"and the next step may need {spoken(self.measure, self.needed)} in all."
        )

    def shown(self) -> str:
        """Ask the owner."""
        return f"{self.reached()}\nRaise it to {spoken(self.measure, self.proposed)}?"


_Book = tuple[str, Usage, Limits, Limits]
"""A scope, what is used with the amount, the bounds that were raised for it, and those of the settings."""


def reserve(run: Run, amount: Usage, limits: LimitSettings, now: float) -> Shortage | None:
    """Charge `amount` to run, day and month, or say what stands in the way; part of the caller's transaction."""
    used, own = ledger.of_run(run.id)
    times = _times(amount, limits, now)
    shortage = _shortage([("run", used + amount, own, limits.run), *times])
    if shortage is None:
        ledger.write_run(run.id, used + amount)
        _write(times)
    return shortage


def reserve_apart(amount: Usage, limits: LimitSettings, now: float) -> Shortage | None:
    """Charge `amount`, which belongs to no run, to day and month; part of the caller's transaction."""
    times = _times(amount, limits, now)
    shortage = _shortage(times)
    if shortage is None:
        _write(times)
    return shortage


def _times(amount: Usage, limits: LimitSettings, now: float) -> list[_Book]:
    books = []
    for scope, bounds in zip(ledger.scopes(now), (limits.day, limits.month), strict=True):
        used, raised = ledger.spent(scope)
        books.append((scope, used + amount, raised, bounds))
    return books


def _shortage(books: Sequence[_Book]) -> Shortage | None:
    for scope, after, raised, fallback in books:
        bounds = raised.over(fallback)
        measure = bounds.exceeded_by(after)
        if measure is not None:
            return Shortage(scope, measure, getattr(bounds, measure.value), getattr(after, measure.value))
    return None


def _write(books: Sequence[_Book]) -> None:
    for scope, after, raised, _ in books:
        ledger.write(scope, after, raised)


def settle(run: Run, reserved: Usage, used: Usage, now: float) -> None:
    """Put what was really used in the place of what was reserved; part of the caller's transaction."""
    if reserved != used:
        ledger.charge(run, used - reserved, now)


def question(run: Run, shortage: Shortage) -> Approval | None:
    """Give the question about this limit, if it was asked and its answer was not used yet."""
    return approvals.answered(run.id, ApprovalKind.BUDGET, shortage.digest)
