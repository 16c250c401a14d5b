"""`agent skills`: what can be done without a model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from channels.cli.parameters import SKILL, as_json, examples
from channels.cli.prose import prose
from channels.cli.text import flat, line
from channels.cli.width import wrapped

if TYPE_CHECKING:
    from channels.cli.session import Session
    from daemon.domain.skill import Skill

_SENTENCE_END = re.compile(r"(?<=[.!?])\s(?=[A-Z])")
_OPTIONAL = re.compile(r"\[[^\[\]]*\]")
_OTHER_WORDS = re.compile(r"\s*\|\s*[^\s|]+")
_SLOT = re.compile(r"\{([^{}]*)\}")


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
        session.screen.say(_in_words(session, skill) if session.screen.terminal else _line(skill))
    if found and session.screen.terminal:
        session.screen.say()
        session.screen.advise(f"agent skills {flat(found[0].name)} says more")
    for folder, reason in problems:
        session.screen.tell(f"{line(folder)} does not load: {flat(reason)}")


def _line(skill: Skill) -> str:
    return f"  {flat(skill.name)}: {flat(skill.description)}"


def _in_words(session: Session, skill: Skill) -> str:
    """Say what a skill is for in a sentence, and how to ask for it."""
    screen = session.screen
    purpose = _SENTENCE_END.split(flat(skill.description), maxsplit=1)[0]
    lines = [screen.paint(flat(skill.name), "bold"), wrapped(purpose, screen.width, "  ", "  ")]
    if skill.entry is not None:
        lines.append(wrapped(f"Say: {_asked_for(skill)}", screen.width, "  ", "       "))
    return "\n".join(["", *lines])


def _asked_for(skill: Skill) -> str:
    """Give the first trigger as it is said: without what may be left out, with the first of several words."""
    if not skill.triggers:
        return _by_name(skill)
    said = flat(skill.triggers[0])
    while _OPTIONAL.search(said):
        said = _OPTIONAL.sub(" ", said)
    said = _OTHER_WORDS.sub("", said)
    return flat(_SLOT.sub(lambda slot: slot[1].strip().upper(), said))


def _by_name(skill: Skill) -> str:
    return f"/{flat(skill.name)}{''.join(f' {flat(slot.name).upper()}' for slot in skill.slots)}"


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
    say(prose(session.screen, skill.description, "  ", broken=session.screen.terminal))
    for trigger in skill.triggers:
        say(f"  Say: {flat(trigger)}")
    if skill.entry is not None:
        say(f"  Or: {_by_name(skill)}")
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
