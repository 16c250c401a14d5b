"""The parts of the daemon and how they are, for whoever looks from another process."""

from dataclasses import dataclass

from daemon.store import rows


@dataclass(frozen=True, slots=True)
class DaemonPart:
    """A part: "starting", "up", "down" (it lives, but cannot work: `problem`) or "broken" (it is started again)."""

    name: str
    state: str
    problem: str
    restarts: int
    process: int
    since: float


def write(part: DaemonPart) -> None:
    """Write how a part is."""
    rows.Part.insert(
        name=part.name,
        state=part.state,
        problem=part.problem,
        restarts=part.restarts,
        process=part.process,
        since=part.since,
    ).on_conflict_replace().execute()


def clear() -> None:
    """Write that no part lives."""
    rows.Part.delete().execute()


def listed() -> list[DaemonPart]:
    """Give what was written of every part, by name."""
    return [
        DaemonPart(row.name, row.state, row.problem, row.restarts, row.process, row.since)
        for row in rows.Part.select().order_by(rows.Part.name)
    ]
