"""`agent tools`: what a model or a skill may call, and what packages of others add."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from channels.cli.parameters import as_json, examples
from channels.cli.text import flat

if TYPE_CHECKING:
    from channels.cli.session import Session
    from daemon.domain.plugin import ListedTool


@click.command("tools", epilog=examples("agent tools", "agent tools --json"))
@as_json
@click.pass_obj
def tools(session: Session, as_json: bool) -> None:
    """List the tools: what each can do, where it comes from, and whether it is on.

    tools.yaml in the configuration folder and AGENT_ENABLE_<TOOL>=0 or =1 switch them.
    """
    found = session.host.machine.tools()
    problems = session.host.machine.plugin_problems()
    if as_json:
        session.screen.emit(
            {
                "tools": [
                    {
                        "name": tool.name,
                        "description": tool.description,
                        "effect": tool.effect,
                        "source": tool.source,
                        "on": tool.on,
                        "switched_by": tool.because or None,
                        "aliases": list(tool.aliases),
                    }
                    for tool in found
                ],
                "problems": [{"source": problem.source, "reason": problem.reason} for problem in problems],
            }
        )
        return
    session.screen.say(f"Tools ({sum(tool.on for tool in found)} on, {sum(not tool.on for tool in found)} off):")
    for tool in found:
        session.screen.say(_line(tool))
    for problem in problems:
        session.screen.tell(f"{flat(problem.source)}: {flat(problem.reason)}")


def _line(tool: ListedTool) -> str:
    mark = "[X]" if tool.on else "[ ]"
    why = f" (off: {flat(tool.because)})" if not tool.on else ""
    return f"  {mark} {flat(tool.name)}: {flat(tool.effect)}, {flat(tool.source)}{why}"
