"""Roll-ups by day, agent and model, so that statistics cost the same after years."""

from dataclasses import dataclass
from datetime import UTC, datetime

from peewee import fn

from daemon.domain.limits import Usage
from daemon.domain.run import RunStatus
from daemon.store import rows


@dataclass(frozen=True, slots=True)
class DayLine:
    """What one agent did with one model on one day (UTC); money in micro-dollars."""

    day: str
    agent: str
    model: str
    done: int
    error: int
    cancelled: int
    steps: int
    model_calls: int
    tokens: int
    money: int
    seconds: float


def day_of(now: float) -> str:
    """Name the day (UTC) of a moment."""
    return f"{datetime.fromtimestamp(now, UTC):%Y-%m-%d}"


def add_run(agent: str, status: RunStatus, seconds: float, now: float) -> None:
    """Count a run that ended."""
    _add(agent, "", now, {status.value: 1, "seconds": seconds})


def add_step(agent: str, model: str, usage: Usage, now: float) -> None:
    """Count a step that ended."""
    _add(
        agent,
        model,
        now,
        {"steps": 1, "model_calls": usage.model_calls, "tokens": usage.tokens, "money": usage.money},
    )


def since(day: str) -> list[DayLine]:
    """Give the lines from `day` on, oldest first."""
    line = rows.Daily
    query = line.select().where(line.day >= day).order_by(line.day, line.agent, line.model).tuples()
    return [DayLine(*found) for found in query]


def totals() -> DayLine:
    """Give the sum over all days."""
    line = rows.Daily
    columns = (
        line.done,
        line.error,
        line.cancelled,
        line.steps,
        line.model_calls,
        line.tokens,
        line.money,
        line.seconds,
    )
    found = line.select(*(fn.COALESCE(fn.SUM(column), 0) for column in columns)).tuples().first()
    return DayLine("", "", "", *found)


def _add(agent: str, model: str, now: float, amounts: dict[str, float]) -> None:
    names = list(amounts)
    # The names are those of this file's callers, never from outside.
    sums = ", ".join(f"{name} = {name} + excluded.{name}" for name in names)
    rows.DATABASE.execute_sql(
        f"INSERT INTO daily (day, agent, model, {', '.join(names)}) VALUES (?, ?, ?{', ?' * len(names)})"  # noqa: S608
        f" ON CONFLICT (day, agent, model) DO UPDATE SET {sums}",
        (day_of(now), agent, model, *amounts.values()),
    )
