"""`agent stats`: work, time and cost of the last days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from channels.cli import moments
from channels.cli.amounts import counted, dollars, money
from channels.cli.parameters import as_json, examples
from channels.cli.text import flat

if TYPE_CHECKING:
    from collections.abc import Iterable

    from channels.cli.session import Session
    from daemon.engine.reads import DayLine

_SUMMED = ("done", "error", "cancelled", "steps", "model_calls", "tokens", "money", "seconds")


@click.command("stats", epilog=examples("agent stats", "agent stats --days 7 --json"))
@click.option("--days", type=click.IntRange(1, 36500), default=30, show_default=True, metavar="N", help="So many.")
@as_json
@click.pass_obj
def stats(session: Session, days: int, as_json: bool) -> None:
    """Show what was done, how long it took and what it cost; days are those of UTC, today included."""
    since = moments.days_back(days)
    lines = session.service.reads.days(since)
    total = _sum(lines)
    if as_json:
        spent = session.service.reads.spent(moments.now())
        session.screen.emit(
            {
                "since": since,
                "total": _facts(total),
                "days": [
                    {"day": line.day, "agent": line.agent, "model": line.model, **_facts(_sum([line]))}
                    for line in lines
                ],
                "spent": {one.scope: dollars(one.money) for one in spent},
            }
        )
        return
    say = session.screen.say
    say(f"Last {counted(days, 'day')}:")
    for name in ("done", "error", "cancelled", "steps"):
        say(f"  {name}: {total[name]}")
    say(f"  model calls: {total['model_calls']}")
    say(f"  tokens: {total['tokens']}")
    say(f"  time: {moments.duration(total['seconds'])}")
    say(f"  cost: {money(total['money'])}")
    _show_groups(session, lines)


def _show_groups(session: Session, lines: list[DayLine]) -> None:
    groups: dict[str, list[DayLine]] = {}
    for line in lines:
        name = " with ".join(part for part in (line.agent, line.model) if part) or "not begun"
        groups.setdefault(name, []).append(line)
    if groups:
        session.screen.say("By agent and model:")
    for name, found in sorted(groups.items()):
        total = _sum(found)
        session.screen.say(
            f"  {flat(name)}: {total['done']} done, {counted(total['steps'], 'step')}, "
            f"{counted(total['model_calls'], 'model call')}, {money(total['money'])}"
        )


def _sum(lines: Iterable[DayLine]) -> dict[str, Any]:
    found = list(lines)
    return {name: sum(getattr(line, name) for line in found) for name in _SUMMED}


def _facts(total: dict[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in total.items() if name != "money"}
    return said | {"cost": dollars(total["money"])}
