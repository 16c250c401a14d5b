"""What was spent: reserved before a call, settled after; what a kill left unsettled counts as spent."""

from datetime import UTC, datetime

from daemon.domain.limits import Limits, Usage
from daemon.domain.run import Run
from daemon.store import codec
from daemon.store.rows import DATABASE


def scopes(now: float) -> tuple[str, str]:
    """Name the day and the month (UTC) of a moment."""
    moment = datetime.fromtimestamp(now, UTC)
    return f"day:{moment:%Y-%m-%d}", f"month:{moment:%Y-%m}"


def spent(scope: str) -> tuple[Usage, Limits]:
    """Give what a day or month has used, and the bounds that the owner raised for it."""
    row = DATABASE.execute_sql("SELECT usage, limits FROM spend WHERE scope = ?", (scope,)).fetchone()
    if row is None:
        return Usage(), Limits()
    return codec.usage_of(row[0]), codec.limits_of(row[1])


def charge(run: Run, amount: Usage, now: float) -> None:
    """Add an amount (negative to give back) to the run, the day and the month."""
    used, _ = of_run(run.id)
    write_run(run.id, used + amount)
    charge_apart(amount, now)


def charge_apart(amount: Usage, now: float) -> None:
    """Add an amount (negative to give back) that belongs to no run to the day and the month."""
    for scope in scopes(now):
        usage, limits = spent(scope)
        write(scope, usage + amount, limits)


def of_run(run_id: int) -> tuple[Usage, Limits]:
    """Give what a run has used, and its own bounds."""
    row = DATABASE.execute_sql("SELECT usage, limits FROM run WHERE id = ?", (run_id,)).fetchone()
    return codec.usage_of(row[0]), codec.limits_of(row[1])


def write_run(run_id: int, usage: Usage) -> None:
    """Write what a run has used."""
    DATABASE.execute_sql("UPDATE run SET usage = ? WHERE id = ?", (codec.usage_text(usage), run_id))


def raise_limit(scope: str, limits: Limits) -> None:
    """Write the bounds that the owner raised for a day or month."""
    usage, _ = spent(scope)
    write(scope, usage, limits)


def write(scope: str, usage: Usage, limits: Limits) -> None:
    """Write what a day or month has used, and its raised bounds."""
    DATABASE.execute_sql(
        "INSERT INTO spend (scope, usage, limits) VALUES (?, ?, ?)"
        " ON CONFLICT (scope) DO UPDATE SET usage = excluded.usage, limits = excluded.limits",
        (scope, codec.usage_text(usage), codec.limits_text(limits)),
    )
