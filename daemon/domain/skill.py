"""A skill: a folder with a SKILL.md (the Agent Skills standard) and perhaps something that runs without a model."""

from dataclasses import dataclass, field
from enum import StrEnum


class SlotKind(StrEnum):
    """What a slot of a trigger takes."""

    FILE = "file"
    FOLDER = "folder"
    TEXT = "text"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Slot:
    """A named blank in a trigger: "report on {file}". `default` is used where the words leave it out.

    `endings` (small letters with their dot, none for any file) say what words mean by a slot of kind file: "report on
    x.pdf" is no CSV report. Who calls a skill by its name may give any file.
    """

    name: str
    kind: SlotKind
    required: bool = True
    default: str = ""
    endings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill as read from its folder.

    `entry` is the script, relative to the folder, or None for a skill of words only. `digest` covers every file.
    `warnings` say what a lenient reader overlooked.
    """

    name: str
    description: str
    folder: str
    body: str
    digest: str
    source: str
    entry: str | None = None
    triggers: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()
    version: str = ""
    seconds: int = 300
    license: str = ""
    compatibility: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SkillMatch:
    """A skill that fits a goal, with the values of its slots."""

    skill: Skill
    arguments: dict[str, str] = field(default_factory=dict)
    by: str = ""
