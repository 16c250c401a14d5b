"""What was spent: reserved before a call, settled after; what a kill left unsettled counts as spent."""

from datetime import UTC, datetime

from daemon.domain.limits import Limits, Usage
from daemon.domain.run import Run
from daemon.store import codec, rows, runs


def scopes(now: float) -> tuple[str, str]:
    """Name the day and the month (UTC) of a moment."""
    moment = datetime.fromtimestamp(now, UTC)
    return f"day:{moment:%Y-%m-%d}", f"month:{moment:%Y-%m}"


def spent(scope: str) -> tuple[Usage, Limits]:
    """Give what a day or month has used, and the bounds that the owner raised for it."""
    row = rows.Spend.get_or_none(rows.Spend.scope == scope)
    if row is None:
        return Usage(), Limits()
    return codec.usage_of(row.usage), codec.limits_of(row.limits)


def charge(run: Run, amount: Usage, now: float) -> None:
    """Add an amount (negative to give back) to the run, the day and the month."""
    runs.set_usage(run.id, runs.get(run.id).usage + amount)
    for scope in scopes(now):
        usage, limits = spent(scope)
        _write(scope, usage + amount, limits)


def raise_limit(scope: str, limits: Limits) -> None:
    """Write the bounds that the owner raised for a day or month."""
    usage, _ = spent(scope)
    _write(scope, usage, limits)


def _write(scope: str, usage: Usage, limits: Limits) -> None:
    rows.Spend.replace(scope=scope, usage=codec.usage_text(usage), limits=codec.limits_text(limits)).execute()
