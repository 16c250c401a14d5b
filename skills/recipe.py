"""What of a skill runs, by what words, and with what: our own keys in the standard's `metadata`.

The standard allows any map of texts there, so a skill with these keys is still a skill for everybody else.
"""

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from daemon.domain.errors import BadInput
from daemon.domain.skill import Slot, SlotKind
from skills.mapping import Value
from skills.offer import folder_path, number
from skills.triggers import read_trigger
from skills.visible import one_line, quoted, visible

KEYS = ("entry", "triggers", "slots", "version", "seconds")
ENDINGS = (".py", ".sh", ".js", ".mjs")
MAX_SLOTS = 16
MAX_TRIGGERS = 64
MAX_SECONDS = 86_400
DEFAULT_SECONDS = 300
MAX_ENDINGS = 32
_SLOT_LINE = re.compile(
    r"([a-z][a-z0-9_-]{0,31})[ \t]*:[ \t]*([a-z]+)((?:[ \t]+\.[A-Za-z0-9.]{1,16})*)[ \t]*(?:(=)(.*))?"
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """The keys as values; `seconds` is the longest that the entry may run."""

    entry: str | None = None
    triggers: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()
    version: str = ""
    seconds: int = DEFAULT_SECONDS


def read_recipe(metadata: Mapping[str, Value], file: Callable[[str], str | None]) -> tuple[Recipe, list[str]]:
    """Read the keys; gives also what was overlooked. `file` says whether a path is a file of the skill."""
    warnings: list[str] = []
    texts = {key: _text(key, metadata[key], warnings) for key in KEYS if key in metadata}
    slots = _slots(_lines(texts.get("slots", "")), warnings)
    recipe = Recipe(
        entry=_entry(texts.get("entry", ""), file, warnings),
        triggers=_triggers(_lines(texts.get("triggers", "")), slots, warnings),
        slots=slots,
        version=one_line(texts.get("version", ""), 64),
        seconds=_seconds(texts.get("seconds", ""), warnings),
    )
    if recipe.triggers and recipe.entry is None:
        warnings.append("it has triggers but no script that runs, so only its name calls it")
    return recipe, warnings


def read_slot(line: str) -> Slot:
    """Read `name: kind`, `name: kind = default`, or `name: file .csv .tsv`; raises BadInput."""
    match = _SLOT_LINE.fullmatch(line.strip())
    if match is None:
        raise BadInput(f"the slot {quoted(line)} is not of the form name: kind = default", "write it like that")
    name, kind, endings, has_default, rest = match.groups()
    if kind not in list(SlotKind):
        raise BadInput(f"the slot {quoted(line)} has no kind of {', '.join(SlotKind)}", "take one of these")
    default = (rest or "").strip()
    if len(default) > 1 and default[0] == default[-1] and default[0] in "\"'":
        default = default[1:-1]
    slot = _slot(name, SlotKind(kind), not has_default, default, endings.lower().split(), line)
    if default and not _fitting(slot):
        raise BadInput(f"the slot {quoted(line)} has a default that is no {kind}", "change it, or leave it empty")
    return slot


def slot_line(slot: Slot) -> str:
    """Give the line that `read_slot` reads as `slot`."""
    kind = " ".join((slot.kind, *slot.endings)) if slot.endings else slot.kind
    if slot.required:
        return f"{slot.name}: {kind}"
    return f"{slot.name}: {kind} = {slot.default}".rstrip()


def entry_problem(entry: str) -> str | None:
    """Say why a path cannot be an entry: it leaves the folder, or has no interpreter."""
    parts = entry.split("/")
    if entry.startswith("/") or ".." in parts or "\\" in entry or not entry.isprintable():
        return f"the entry {quoted(entry)} leaves the folder"
    if posixpath.splitext(entry)[1] not in ENDINGS:
        return f"the entry {quoted(entry)} does not end in {', '.join(ENDINGS)}"
    return None


def _slot(name: str, kind: SlotKind, required: bool, default: str, endings: list[str], line: str) -> Slot:
    if not endings:
        return Slot(name, kind, required, default)
    if kind is not SlotKind.FILE:
        raise BadInput(f"the slot {quoted(line)} has endings, and takes no file", "take them out")
    if len(endings) > MAX_ENDINGS:
        raise BadInput(f"the slot {quoted(line)} has more than {MAX_ENDINGS} endings", "leave some out")
    return Slot(name, kind, required, default, tuple(dict.fromkeys(endings)))


def _fitting(slot: Slot) -> bool:
    if slot.kind is SlotKind.NUMBER:
        return number(slot.default) == slot.default
    if slot.kind is SlotKind.FOLDER:
        return folder_path(slot.default) is not None
    return slot.kind is SlotKind.TEXT


def _text(key: str, value: Value, warnings: list[str]) -> str:
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        warnings.append(f"{key} is a list; the standard wants a text with one a line")
        return visible("\n".join(str(item) for item in value))
    if isinstance(value, dict) and all(isinstance(item, str) for item in value.values()):
        warnings.append(f"{key} is a map; the standard wants a text with one a line")
        return visible("\n".join(f"{name}: {item}" for name, item in value.items()))
    warnings.append(f"{key} is no text and is ignored")
    return ""


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _slots(lines: list[str], warnings: list[str]) -> tuple[Slot, ...]:
    slots: dict[str, Slot] = {}
    if len(lines) > MAX_SLOTS:
        warnings.append(f"it has more than {MAX_SLOTS} slots; the rest is ignored")
    for line in lines[:MAX_SLOTS]:
        try:
            slot = read_slot(line)
        except BadInput as error:
            warnings.append(error.message)
            continue
        if slot.name in slots:
            warnings.append(f"the slot {quoted(slot.name)} is there twice; the first one counts")
        slots.setdefault(slot.name, slot)
    return tuple(slots.values())


def _triggers(lines: list[str], slots: tuple[Slot, ...], warnings: list[str]) -> tuple[str, ...]:
    triggers: list[str] = []
    if len(lines) > MAX_TRIGGERS:
        warnings.append(f"it has more than {MAX_TRIGGERS} triggers; the rest is ignored")
    for line in lines[:MAX_TRIGGERS]:
        try:
            triggers.append(read_trigger(line, slots).text)
        except BadInput as error:
            warnings.append(error.message)
    return tuple(dict.fromkeys(triggers))


def _entry(text: str, file: Callable[[str], str | None], warnings: list[str]) -> str | None:
    text = text.strip()
    if not text:
        return None
    problem = entry_problem(text)
    path = posixpath.normpath(text)
    if problem is None and file(path) is None:
        problem = f"the entry {quoted(text)} is no file of the folder"
    if problem is None:
        return path
    warnings.append(f"{problem}, so the skill is of words only")
    return None


def _seconds(text: str, warnings: list[str]) -> int:
    value = number(text)
    if value is not None and 1 <= int(value) <= MAX_SECONDS:
        return int(value)
    if text:
        warnings.append(f"seconds is no number from 1 to {MAX_SECONDS}; {DEFAULT_SECONDS} is taken")
    return DEFAULT_SECONDS
