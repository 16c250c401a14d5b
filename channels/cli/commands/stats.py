"""`agent stats`: work, time and cost of the last days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from channels.cli import moments
from channels.cli.amounts import counted, dollars, money
from channels.cli.parameters import DAYS, as_json, examples
from channels.cli.text import flat

if TYPE_CHECKING:
    from channels.cli.session import Session

Amounts = dict[str, Any]
"""Of one day, agent and model, or summed; money in micro-dollars, time in seconds."""

_SUMMED = ("done", "error", "cancelled", "steps", "model_calls", "tokens", "money", "seconds")


@click.command("stats", epilog=examples("agent stats", "agent stats --days 7 --json"))
@click.option("--days", type=DAYS, default=30, show_default=True, metavar="N", help="How many days back.")
@as_json
@click.pass_obj
def stats(session: Session, days: int, as_json: bool) -> None:
    """Show what was done, how long it took and what it cost; days are those of UTC, today included."""
    since = moments.days_back(days)
    lines = [(line.day, line.agent, line.model, _amounts(line)) for line in session.service.reads.days(since)]
    total = _sum([amounts for _, _, _, amounts in lines])
    if as_json:
        spent = session.service.reads.spent(moments.now())
        found = [{"day": day, "agent": agent, "model": model, **_facts(some)} for day, agent, model, some in lines]
        budgets = {one.scope: dollars(one.money) for one in spent}
        session.screen.emit({"since": since, "total": _facts(total), "days": found, "spent": budgets})
        return
    say = session.screen.say
    say(f"Last {counted(days, 'day')}:")
    for name in ("done", "error", "cancelled", "steps"):
        say(f"  {name}: {total[name]}")
    say(f"  model calls: {total['model_calls']}")
    say(f"  tokens: {total['tokens']}")
    say(f"  time: {moments.duration(total['seconds'])}")
    say(f"  cost: {money(total['money'])}")
    groups: dict[str, list[Amounts]] = {}
    for _, agent, model, amounts in lines:
        groups.setdefault(" with ".join(filter(None, (agent, model))) or "not begun", []).append(amounts)
    _show_groups(session, groups)


def _show_groups(session: Session, groups: dict[str, list[Amounts]]) -> None:
    if groups:
        session.screen.say("By agent and model:")
    for name, found in sorted(groups.items()):
        total = _sum(found)
        session.screen.say(
            f"  {flat(name)}: {total['done']} done, {counted(total['steps'], 'step')}, "
            f"{counted(total['model_calls'], 'model call')}, {money(total['money'])}"
        )


def _amounts(line: object) -> Amounts:
    return {name: getattr(line, name) for name in _SUMMED}


def _sum(found: list[Amounts]) -> Amounts:
    return {name: sum(amounts[name] for amounts in found) for name in _SUMMED}


def _facts(amounts: Amounts) -> Amounts:
    said = {name: value for name, value in amounts.items() if name != "money"}
    return said | {"cost": dollars(amounts["money"])}
