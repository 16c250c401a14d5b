"""Limits (T10): reserve before a call, settle after it, ask when a limit is reached.

What a kill left unsettled stays in the books as spent, because it was charged in full before the call.
"""

from dataclasses import dataclass

from daemon.domain.approval import Approval, ApprovalKind
from daemon.domain.canonical import digest_of
from daemon.domain.limits import Measure, Usage, spoken
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

    def shown(self) -> str:
        """Say it to the owner."""
        scope = {"r": "this run", "d": "today", "m": "this month"}[self.scope[0]]
        return (
            f"The limit for {scope} is reached: {spoken(self.measure, self.bound)} in all, "
            f"and the next step may need {spoken(self.measure, self.needed)} in all.\n"
            f"Raise it to {spoken(self.measure, self.proposed)}?"
        )


def reserve(run: Run, amount: Usage, limits: LimitSettings, now: float) -> Shortage | None:
    """Charge `amount` to run, day and month, or say what stands in the way; part of the caller's transaction."""
    used, own = ledger.of_run(run.id)
    books = [("run", used + amount, own, limits.run)]
    for scope, bounds in zip(ledger.scopes(now), (limits.day, limits.month), strict=True):
        used, raised = ledger.spent(scope)
        books.append((scope, used + amount, raised, bounds))
    for scope, after, raised, fallback in books:
        bounds = raised.over(fallback)
        measure = bounds.exceeded_by(after)
        if measure is not None:
            bound = getattr(bounds, measure.value)
            return Shortage(scope, measure, bound, getattr(after, measure.value))
    ledger.write_run(run.id, books[0][1])
    for scope, after, raised, _ in books[1:]:
        ledger.write(scope, after, raised)
    return None


def settle(run: Run, reserved: Usage, used: Usage, now: float) -> None:
    """Put what was really used in the place of what was reserved; part of the caller's transaction."""
    if reserved != used:
        ledger.charge(run, used - reserved, now)


def question(run: Run, shortage: Shortage) -> Approval | None:
    """Give the question about this limit, if it was asked and its answer was not used yet."""
    return approvals.answered(run.id, ApprovalKind.BUDGET, shortage.digest)
