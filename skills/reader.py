"""Reads a skill folder, as leniently as is safe.

The form is the Agent Skills standard (agentskills.io/specification). What public collections get wrong is
overlooked with a warning; what cannot be a skill at all is a `Problem`. Nothing is executed, no link is followed.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from daemon.domain.errors import BadInput
from daemon.domain.skill import Skill
from skills import contents
from skills.frontmatter import split
from skills.mapping import Value, read_mapping
from skills.recipe import KEYS, read_recipe
from skills.visible import one_line, quoted, visible

MAX_SKILL_MD = 1024 * 1024
MAX_NAME = 64
MAX_DESCRIPTION = 1024
MAX_COMPATIBILITY = 500
MAX_WARNINGS = 20
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
STANDARD_KEYS = ("name", "description", "license", "compatibility", "metadata", "allowed-tools")
_HEADING = re.compile(r"#{1,6}\s+")


@dataclass(frozen=True, slots=True)
class Problem:
    """A folder that is left out, and why."""

    path: str
    reason: str
    source: str


def read_skill(folder: Path, source: str) -> Skill | Problem:
    """Read one skill folder; never raises for anything that lies in it."""
    try:
        return _skill(folder, source, contents.survey(folder))
    except BadInput as error:
        reason = str(error)
    except OSError as error:
        reason = f"It cannot be read: {error.strerror or error}."
    return Problem(one_line(str(folder), 500), one_line(reason, 500), source)


def folder_digest(folder: Path) -> str:
    """Give the digest of a skill folder as it is now; raises BadInput or OSError when it cannot be read."""
    return contents.digest(folder, contents.survey(folder))


def valid_name(name: str) -> bool:
    """Say whether the standard allows this name."""
    return len(name) <= MAX_NAME and NAME.fullmatch(name) is not None


def _skill(folder: Path, source: str, found: contents.Contents) -> Skill:
    warnings: list[str] = []
    data = contents.read_file(folder, _skill_file(found, warnings), MAX_SKILL_MD)
    parts = split(_shown(_decoded(data, warnings), warnings))
    warnings += parts.warnings
    head, overlooked = read_mapping(parts.head) if parts.head is not None else ({}, [])
    warnings += overlooked
    keys = _standard(head, warnings)
    name = _name(folder.name, _string(keys, "name", warnings), warnings)
    description = _description(_string(keys, "description", warnings), parts.body, warnings)
    recipe, overlooked = read_recipe(_metadata(keys, warnings), found.file)
    warnings += overlooked + _left_alone(found)
    return Skill(
        name=name,
        description=description,
        folder=str(folder),
        body=parts.body,
        digest=contents.digest(folder, found),
        source=source,
        entry=recipe.entry,
        triggers=recipe.triggers,
        slots=recipe.slots,
        version=recipe.version,
        seconds=recipe.seconds,
        license=one_line(_string(keys, "license", warnings), 500),
        compatibility=one_line(_string(keys, "compatibility", warnings), MAX_COMPATIBILITY),
        warnings=_clipped(warnings),
    )


def _skill_file(found: contents.Contents, warnings: list[str]) -> str:
    names = sorted(entry.path for entry in found.entries if entry.path.lower() == "skill.md")
    if not names:
        raise BadInput("It has no SKILL.md.", "Add one, or move the folder elsewhere.")
    if names[0] != "SKILL.md":
        warnings.append(f"its SKILL.md is called {quoted(names[0])}")
    path = found.file(names[0])
    if path is None:
        raise BadInput("Its SKILL.md is no file of this folder.", "Put the file itself there, not a link or a device.")
    return path


def _decoded(data: bytes, warnings: list[str]) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        warnings.append("SKILL.md is UTF-16, not UTF-8")
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        warnings.append("SKILL.md is not UTF-8; it is read as Western European text")
        return data.decode("cp1252", errors="replace")


def _shown(text: str, warnings: list[str]) -> str:
    clean = visible(text)
    # Line ends are no loss: only what is gone beyond them is worth a word.
    if len(clean) != len(text.replace("\r\n", "\n")):
        warnings.append("invisible characters or escape codes were taken out")
    return clean


def _standard(head: dict[str, Value], warnings: list[str]) -> dict[str, Value]:
    """Give the keys that the standard knows, whatever their case."""
    known: dict[str, Value] = {}
    for key, value in head.items():
        plain = key.strip().lower().replace("_", "-")
        if plain not in STANDARD_KEYS:
            place = "; it belongs below metadata" if plain in KEYS else ""
            warnings.append(f"the key {quoted(key)} is not in the standard and is ignored{place}")
            continue
        if plain != key:
            warnings.append(f"the key {quoted(key)} is read as {plain}")
        known[plain] = value
    return known


def _string(keys: dict[str, Value], key: str, warnings: list[str]) -> str:
    value = keys.get(key, "")
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        warnings.append(f"{key} is a list, not a text")
        return ", ".join(str(item) for item in value)
    warnings.append(f"{key} is no text and is ignored")
    return ""


def _metadata(keys: dict[str, Value], warnings: list[str]) -> dict[str, Value]:
    value = keys.get("metadata", {})
    if isinstance(value, dict):
        return value
    if value:
        warnings.append("metadata is no map and is ignored")
    return {}


def _name(folder: str, declared: str, warnings: list[str]) -> str:
    """Choose the name: the folder's, which is unique; else the declared one; else what can be made of them."""
    declared = declared.strip()
    if not folder.isprintable():
        raise BadInput("The folder's name has control characters or is not UTF-8.", "Rename it.")
    if valid_name(folder):
        if declared != folder:
            said = f"SKILL.md calls it {quoted(declared)}" if declared else "SKILL.md gives it no name"
            warnings.append(f"{said}; the folder's name is taken")
        return folder
    if valid_name(declared):
        warnings.append(f"the folder is called {quoted(folder)}; the name in SKILL.md is taken")
        return declared
    for text in (folder, declared):
        plain = unicodedata.normalize("NFKD", text[:1000]).encode("ascii", "ignore").decode().lower()
        name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_NAME].rstrip("-")
        if name and text.isprintable():
            warnings.append(f"{quoted(text)} is no name that the standard allows; it is called {name}")
            return name
    raise BadInput("Neither the folder nor its SKILL.md has a usable name.", "Name both with a-z, 0-9 and hyphens.")


def _description(declared: str, body: str, warnings: list[str]) -> str:
    text = one_line(declared, len(declared) + 1)
    if not text:
        text = _first_words(body)
        warnings.append("it has no description; the first words of the text are taken")
    if not text:
        raise BadInput("It says neither what it is for nor what to do.", "Write a description in its SKILL.md.")
    if len(text) > MAX_DESCRIPTION:
        warnings.append(f"the description is longer than {MAX_DESCRIPTION} characters and is cut off")
    return one_line(text, MAX_DESCRIPTION)


def _first_words(body: str) -> str:
    """Give the first paragraph that is prose, or else the first heading."""
    heading = ""
    for block in re.split(r"\n[ \t]*\n", body[:20_000]):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        prose = " ".join(line for line in lines if not _HEADING.match(line) and any(map(str.isalnum, line)))
        if prose and not prose.startswith(("```", "~~~")):
            return prose
        heading = heading or next((_HEADING.sub("", line) for line in lines if _HEADING.match(line)), "")
    return " ".join(heading.split())


def _left_alone(found: contents.Contents) -> list[str]:
    return [
        *(f"the link {quoted(path)} leads to no file of the folder and is not followed" for path in found.strays()),
        *(f"{quoted(path)} is a device, FIFO or socket and is never opened" for path in found.special()),
    ]


def _clipped(warnings: Sequence[str]) -> tuple[str, ...]:
    unique = list(dict.fromkeys(one_line(text, 200) for text in warnings))
    if len(unique) > MAX_WARNINGS:
        unique[MAX_WARNINGS - 1 :] = [f"and {len(unique) - MAX_WARNINGS + 1} more"]
    return tuple(unique)
