"""`agent agents`: the profiles that work with a model."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from channels.cli import moments
from channels.cli.parameters import as_json, examples
from channels.cli.text import flat

if TYPE_CHECKING:
    from channels.cli.session import Session
    from daemon.domain.profile import Activity, ListedAgent


@click.command("agents", epilog=examples("agent agents", 'agent "tidy these files" --agent fileops --dir ~/scans'))
@as_json
@click.pass_obj
def agents(session: Session, as_json: bool) -> None:
    """List the agents that work with a model: what each is for, its tier, how hard a task it takes, what it does now.

    Which one does a task is decided by its words and files, or by --agent. Your own are files in `agents/` of the
    configuration folder; one with the name of a bundled one takes its place.
    """
    found = session.host.machine.agents()
    activity = session.service.reads.activity()
    if as_json:
        session.screen.emit({"agents": [_facts(one, activity.get(one.profile.name)) for one in found]})
        return
    session.screen.say(f"Agents ({len(found)}):")
    for one in found:
        session.screen.say(_line(session, one, activity.get(one.profile.name)))


def _state(agent: ListedAgent, activity: Activity | None) -> str:
    if agent.problem:
        return "offline"
    return "busy" if activity is not None and activity.tasks else "available"


def _facts(agent: ListedAgent, activity: Activity | None) -> dict[str, Any]:
    return asdict(agent.profile) | {
        "state": _state(agent, activity),
        "problem": agent.problem,
        "tasks": list(activity.tasks) if activity else [],
        "last_active": moments.utc(activity.last) if activity else None,
    }


def _line(session: Session, agent: ListedAgent, activity: Activity | None) -> str:
    profile, state = agent.profile, _state(agent, activity)
    least, most = profile.complexity
    if state == "busy" and activity is not None:
        state = f"busy with {', '.join(f'task {task}' for task in activity.tasks)}"
    elif activity is not None:
        state += f", last active {(moments.ago if session.screen.terminal else moments.plain)(activity.last)}"
    why = f": {flat(agent.problem)}" if agent.problem else ""
    return (
        f"  {flat(profile.name)}: {flat(profile.description)}"
        f" (asks {flat(profile.model or profile.tier)}, complexity {least} to {most}; {state}{why})"
    )
