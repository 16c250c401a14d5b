"""`agent agents`: the profiles that work with a model."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from channels.cli.parameters import as_json, examples
from channels.cli.text import flat

if TYPE_CHECKING:
    from channels.cli.session import Session


@click.command("agents", epilog=examples("agent agents", 'agent "tidy these files" --agent fileops --dir ~/scans'))
@as_json
@click.pass_obj
def agents(session: Session, as_json: bool) -> None:
    """List the agents that work with a model: what each is for, its tier, and how hard a task it takes.

    Which one does a task is decided by its words and files, or by --agent. Your own are files in `agents/` of the
    configuration folder; one with the name of a bundled one takes its place.
    """
    found = session.host.machine.profiles()
    if as_json:
        session.screen.emit({"agents": [asdict(profile) for profile in found]})
        return
    session.screen.say(f"Agents ({len(found)}):")
    for profile in found:
        least, most = profile.complexity
        asks = profile.model or profile.tier
        session.screen.say(
            f"  {flat(profile.name)}: {flat(profile.description)} (asks {flat(asks)}, complexity {least} to {most})"
        )
