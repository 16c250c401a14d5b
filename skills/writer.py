"""Writes a new skill folder: valid by the standard, complete or not at all."""

import json
import os
import posixpath
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from daemon.domain.errors import BadInput, InvalidState
from daemon.domain.skill import Skill, Slot
from skills import contents
from skills.reader import (
    MAX_COMPATIBILITY,
    MAX_DESCRIPTION,
    MAX_NAME,
    MAX_SKILL_MD,
    Problem,
    read_skill,
    valid_name,
)
from skills.recipe import DEFAULT_SECONDS, MAX_SECONDS, entry_problem, slot_line
from skills.visible import quoted, visible


@dataclass(frozen=True, slots=True)
class NewSkill:
    """What a skill will be.

    `files` maps relative paths to bytes; `entry` is one of them. `seconds` is the longest that the entry may run.
    """

    name: str
    description: str
    body: str
    entry: str | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    triggers: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()
    version: str = "1"
    seconds: int = DEFAULT_SECONDS
    license: str = ""
    compatibility: str = ""


def write_skill(skill: NewSkill, into: Path, source: str) -> Skill:
    """Write `skill` as a folder of its name in the folder `into`, and give it as it was read back.

    The folder appears complete or not at all, also when the power fails. Raises BadInput for what the standard or
    our own keys do not allow, InvalidState when there is something of that name already.
    """
    _check(skill)
    text = skill_md(skill)
    if len(text.encode()) > MAX_SKILL_MD:
        raise BadInput(f"The text of {skill.name} is longer than 1 MiB.", "Move parts of it to files of their own.")
    into.mkdir(parents=True, exist_ok=True)
    target = into / skill.name
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=into))
    try:
        folder = draft / skill.name
        folder.mkdir(mode=0o755)
        _fill(folder, {**skill.files, "SKILL.md": text.encode()}, skill.entry)
        _check_same(skill, _read_back(folder, source))
        _move(folder, target)
        _sync(into)
    finally:
        shutil.rmtree(draft)
    return _read_back(target, source)


def skill_md(skill: NewSkill) -> str:
    """Give the text of the SKILL.md."""
    lines = ["---", f"name: {skill.name}", f"description: {_scalar(skill.description)}"]
    if skill.license:
        lines.append(f"license: {_scalar(skill.license)}")
    if skill.compatibility:
        lines.append(f"compatibility: {_scalar(skill.compatibility)}")
    lines += ["metadata:", f"  version: {_scalar(skill.version)}"]
    if skill.entry is not None:
        lines += [f"  entry: {_scalar(skill.entry)}", f'  seconds: "{skill.seconds}"']
    if skill.triggers:
        lines += ["  triggers: |", *(f"    {trigger}" for trigger in skill.triggers)]
    if skill.slots:
        lines += ["  slots: |", *(f"    {slot_line(slot)}" for slot in skill.slots)]
    return "\n".join([*lines, "---", "", skill.body.replace("\r\n", "\n").strip("\n"), ""])


def _scalar(text: str) -> str:
    """Give a double-quoted YAML text. Three hyphens in a row would end the head for simple readers."""
    return json.dumps(text, ensure_ascii=False).replace("---", "--\\x2d")


def _check(skill: NewSkill) -> None:
    if not valid_name(skill.name):
        raise BadInput(
            f"{quoted(skill.name)} cannot be the name of a skill.",
            f"Take 1 to {MAX_NAME} of a-z, 0-9 and single hyphens between them.",
        )
    _check_text("description", skill.description, MAX_DESCRIPTION)
    if not skill.description.strip():
        raise BadInput(f"{skill.name} has no description.", "Say what it is for and when to use it.")
    if not skill.body.strip():
        raise BadInput(f"{skill.name} has no text.", "Say in a few lines what it does.")
    if visible(skill.body) != skill.body.replace("\r\n", "\n"):
        raise BadInput(f"The text of {skill.name} has invisible characters or escape codes.", "Take them out.")
    _check_text("license", skill.license, 500)
    _check_text("compatibility", skill.compatibility, MAX_COMPATIBILITY)
    _check_text("version", skill.version, 64)
    for line in (*skill.triggers, *map(slot_line, skill.slots)):
        _check_text("trigger or slot", line, 300)
        if not line.strip() or line != line.strip() or "---" in line:
            raise BadInput(f"{quoted(line)} cannot be a line of triggers or slots.", "Use words, braces and brackets.")
    if not 1 <= skill.seconds <= MAX_SECONDS:
        raise BadInput(f"{skill.name} cannot run for {skill.seconds} seconds.", f"Take 1 to {MAX_SECONDS}.")
    for path in skill.files:
        _check_path(path)
    _check_entry(skill)


def _check_text(what: str, text: str, most: int) -> None:
    if len(text) > most:
        raise BadInput(f"The {what} has {len(text)} characters, more than {most}.", "Shorten it.")
    if not text.isprintable():
        raise BadInput(f"The {what} {quoted(text)} has line breaks or control characters.", "Take them out.")


def _check_path(path: str) -> None:
    parts = path.split("/")
    if (
        not path.isprintable()
        or "\\" in path
        or any(part in ("", ".", "..") or len(part.encode()) > 255 for part in parts)
        or len(parts) > contents.MAX_DEPTH
        or path.lower() == "skill.md"
    ):
        raise BadInput(f"{quoted(path)} cannot be a file of a skill.", "Give a plain path below its folder.")


def _check_entry(skill: NewSkill) -> None:
    if skill.entry is None:
        return
    problem = entry_problem(skill.entry)
    if problem is None and skill.entry not in skill.files:
        problem = f"the entry {quoted(skill.entry)} is not among the files"
    if problem is not None:
        raise BadInput(f"{skill.name} cannot run: {problem}.", "Give a script of the folder as the entry.")


def _fill(folder: Path, files: Mapping[str, bytes], entry: str | None) -> None:
    for path, data in sorted(files.items()):
        place = folder / path
        try:
            place.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            with place.open("xb") as file:
                file.write(data)
                file.flush()
                os.fchmod(file.fileno(), 0o755 if path == entry else 0o644)
                os.fsync(file.fileno())
        except (FileExistsError, NotADirectoryError):
            raise BadInput(f"{quoted(path)} is both a file and a folder.", "Rename one of them.") from None
    for path in sorted({posixpath.dirname(path) for path in files}, reverse=True):
        _sync(folder / path)
    _sync(folder)


def _read_back(folder: Path, source: str) -> Skill:
    """Read what was written; it must load without a warning, so that nobody gets less than was asked for."""
    result = read_skill(folder, source)
    if isinstance(result, Problem):
        raise BadInput(f"{folder.name} cannot be a skill: {result.reason}", "Mend that and write it again.")
    if result.warnings:
        raise BadInput(f"{folder.name} is not a clean skill: {result.warnings[0]}.", "Mend that and write it again.")
    return result


def _check_same(asked: NewSkill, written: Skill) -> None:
    if (asked.triggers, asked.slots) != (written.triggers, written.slots):
        raise BadInput(
            f"A trigger or slot of {asked.name} would be read as something else.",
            "Leave out repeated triggers, and quotes or spaces around defaults.",
        )


def _move(folder: Path, target: Path) -> None:
    """Put the folder in its place. A rename replaces nothing but an empty folder, so a race loses no skill."""
    if os.path.lexists(target):
        raise InvalidState(f"There is a {quoted(target.name)} already.", "Remove it, or choose another name.")
    try:
        folder.rename(target)
    except OSError as error:
        raise InvalidState(
            f"{quoted(target.name)} cannot be put in its place: {error.strerror}.", "Choose another name."
        ) from error


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
