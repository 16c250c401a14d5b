"""`agent skills`: what can be done without a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from channels.cli.parameters import SKILL, as_json, examples
from channels.cli.text import block, flat, line

if TYPE_CHECKING:
    from channels.cli.session import Session
    from daemon.domain.skill import Skill


@click.command("skills", epilog=examples("agent skills", "agent skills csv-report"))
@click.argument("name", metavar="[NAME]", type=SKILL, required=False)
@as_json
@click.pass_obj
def skills(session: Session, name: str | None, as_json: bool) -> None:
    """List the skills; with a name show how that one is asked for. A skill with a script needs no model."""
    found = session.host.machine.skills()
    if name is not None:
        _show(session, _named(found, name), as_json)
        return
    problems = session.host.machine.skill_problems()
    if as_json:
        session.screen.emit(
            {
                "skills": [_facts(skill) for skill in found],
                "problems": [{"folder": folder, "reason": reason} for folder, reason in problems],
            }
        )
        return
    session.screen.say(f"Skills ({len(found)}):")
    for skill in found:
        session.screen.say(f"  {flat(skill.name)}: {flat(skill.description)}")
    for folder, reason in problems:
        session.screen.tell(f"{line(folder)} does not load: {flat(reason)}")


def _named(found: Any, name: str) -> Skill:
    for skill in found:
        if skill.name == name.removeprefix("/"):
            chosen: Skill = skill
            return chosen
    from daemon.domain.errors import NotFound

    raise NotFound(f"There is no skill {flat(name)}.", "agent skills lists those that there are.")


def _show(session: Session, skill: Skill, as_json: bool) -> None:
    if as_json:
        session.screen.emit({"skill": _facts(skill)})
        return
    say = session.screen.say
    say(f"{flat(skill.name)} {flat(skill.version)}".rstrip())
    say(block(skill.description, "  "))
    for trigger in skill.triggers:
        say(f"  Say: {flat(trigger)}")
    if skill.entry is not None:
        say(f"  Or: /{flat(skill.name)}{''.join(f' {{{flat(slot.name)}}}' for slot in skill.slots)}")
    say(f"  Runs: {flat(skill.entry) if skill.entry else 'no script; a model reads it'}")
    say(f"  From: {flat(skill.source)}, {line(skill.folder)}")
    for warning in skill.warnings:
        say(f"  Note: {flat(warning)}")


def _facts(skill: Skill) -> dict[str, Any]:
    return {
        "name": skill.name,
        "description": skill.description,
        "version": skill.version,
        "source": skill.source,
        "folder": skill.folder,
        "entry": skill.entry,
        "triggers": list(skill.triggers),
        "slots": [
            {"name": slot.name, "kind": slot.kind.value, "required": slot.required, "default": slot.default}
            for slot in skill.slots
        ],
        "digest": skill.digest,
        "warnings": list(skill.warnings),
    }
