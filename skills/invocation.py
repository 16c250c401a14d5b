"""A skill called by name: `/csv-report sales.csv title="First quarter"`."""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from daemon.domain.errors import BadInput
from daemon.domain.skill import Skill, SkillMatch, Slot, SlotKind
from skills.offer import Offer, folder_path, number
from skills.visible import quoted

MAX_ARGUMENTS = 20_000
_CALL = re.compile(r"\s*/([A-Za-z0-9_-]{1,64})(?:\s+|$)")
# Phones turn straight quotes into these.
_STRAIGHT = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})


@dataclass(frozen=True, slots=True)
class Invocation:
    """The name of a skill and the text after it."""

    name: str
    rest: str


def read_invocation(goal: str) -> Invocation | None:
    """Give what a goal of the form `/name args` calls; None for any other goal, also for one that is a path.

    Underscores count as hyphens, since some channels allow no hyphens in commands.
    """
    match = _CALL.match(goal)
    if match is None:
        return None
    return Invocation(match[1].lower().replace("_", "-"), goal[match.end() :].strip())


def fill(skill: Skill, rest: str, files: Sequence[str], folders: Sequence[str]) -> SkillMatch:
    """Give a skill the arguments in `rest`: `slot=value`, or values in the order of the slots, quoted as in a shell.

    A skill of words without slots takes the rest as it is, as the argument `text`. Raises BadInput that says what
    is missing or too much.
    """
    by = f"/{skill.name}"
    if skill.entry is None and not skill.slots:
        return SkillMatch(skill, {"text": rest} if rest else {}, by)
    named, values = _shared_out(skill, _pieces(skill, rest))
    offer = Offer(files, folders)
    arguments: dict[str, str] = {}
    for slot in skill.slots:
        text = named.get(slot.name, values.get(slot.name))
        value = offer.stand_in(slot) if text is None else _value(slot, text, offer)
        if value is None:
            raise BadInput(f"{by} needs {_wanted(slot)} for {slot.name}, and none was given.", _usage(skill))
        if value:
            arguments[slot.name] = value
    return SkillMatch(skill, arguments, by)


def _pieces(skill: Skill, rest: str) -> list[str]:
    if len(rest) > MAX_ARGUMENTS:
        raise BadInput(
            f"The arguments of /{skill.name} are longer than {MAX_ARGUMENTS} characters.", "Attach long text as a file."
        )
    try:
        return shlex.split(rest.translate(_STRAIGHT))
    except ValueError:
        raise BadInput(
            f"A quote in the arguments of /{skill.name} is never closed.",
            'Put a value with an apostrophe in double quotes: "don\'t".',
        ) from None


def _shared_out(skill: Skill, pieces: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Part the pieces into those that name a slot, and those that fill the remaining slots in order."""
    names = {slot.name for slot in skill.slots}
    named: dict[str, str] = {}
    loose: list[str] = []
    for piece in pieces:
        name, is_pair, value = piece.partition("=")
        if not is_pair or name not in names:
            loose.append(piece)
        elif name in named:
            raise BadInput(f"/{skill.name} got {name} twice.", _usage(skill))
        else:
            named[name] = value
    free = [slot for slot in skill.slots if slot.name not in named]
    if free and free[-1].kind is SlotKind.TEXT and len(loose) > len(free):
        loose[len(free) - 1 :] = [" ".join(loose[len(free) - 1 :])]
    if len(loose) > len(free):
        raise BadInput(f"/{skill.name} has no use for {quoted(loose[len(free)])}.", _usage(skill))
    return named, {slot.name: value for slot, value in zip(free, loose, strict=False)}


def _value(slot: Slot, text: str, offer: Offer) -> str:
    if slot.kind is SlotKind.TEXT:
        return text
    if slot.kind is SlotKind.NUMBER:
        value, fix = number(text), "Give a whole number."
    elif slot.kind is SlotKind.FILE:
        attached = ", ".join(quoted(name) for name in offer.files[:5]) or "none"
        value, fix = offer.file(text), f"Attach it, or name an attached file ({attached})."
    else:
        value, fix = offer.folder(text), "Give its absolute path, or one that begins with ~/."
        if value is None and folder_path(text) is None and text.startswith("/"):
            fix = "Give a path without line breaks or control characters."
    if value is None:
        raise BadInput(f"{quoted(text)} is not {_wanted(slot)} that {slot.name} can take.", fix)
    return value


def _wanted(slot: Slot) -> str:
    return {
        SlotKind.FILE: "an attached file",
        SlotKind.FOLDER: "a folder",
        SlotKind.TEXT: "a text",
        SlotKind.NUMBER: "a whole number",
    }[slot.kind]


def _usage(skill: Skill) -> str:
    shown = [slot.name if slot.required else f"[{slot.name}]" for slot in skill.slots]
    return f"Say: {' '.join([f'/{skill.name}', *shown])}"
