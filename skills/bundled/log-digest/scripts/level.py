"""How serious a line is: by the level that it names, or else by its words."""

import re
from typing import Literal

Level = Literal["fatal", "error", "warning", "info", "debug", "none"]
LEVELS: tuple[Level, ...] = ("fatal", "error", "warning", "info", "debug", "none")
BAD: frozenset[Level] = frozenset(("fatal", "error"))
TITLES: dict[Level, str] = {
    "fatal": "Fatal",
    "error": "Errors",
    "warning": "Warnings",
    "info": "Information",
    "debug": "Debugging",
    "none": "No level",
}
_NAMES: dict[Level, str] = {
    "fatal": "fatal panic emerg emergency alert crit critical dpanic",
    "error": "error err severe failure",
    "warning": "warning warn wrn",
    "info": "info information informational notice inf",
    "debug": "debug trace verbose fine finer finest dbg",
}
_BY_NAME: dict[str, Level] = {name: level for level, names in _NAMES.items() for name in names.split()}
_ANY = "|".join(sorted(_BY_NAME, key=len, reverse=True))
_NEAR = 100
_UPPER = re.compile(rf"(?<![A-Za-z0-9_/-])(?:{_ANY.upper()})(?![A-Za-z0-9_-])")
_MARKED = re.compile(
    rf"""(?:\b(?:level|lvl|severity|loglevel)["']?\s?[=:]\s?["']?|[\[<(|]\s?|^\s*)({_ANY})(?=["'\]>)|:]|\s[|:-]|,|$)""",
    re.IGNORECASE,
)
_FIELD = re.compile(rf"""\b(?:level|lvl|severity|loglevel)["']?\s?[=:]\s?["']?({_ANY})\b""", re.IGNORECASE)
_BAD_WORDS = re.compile(
    r"\b(?:errors?|exceptions?|fatal|panic|segfault|failed|failure|traceback|critical|core dumped|out of memory)\b",
    re.I,
)
_ODD_WORDS = re.compile(
    r"\b(?:warnings?|deprecated|timed out|timeout|refused|denied|unreachable|retrying|invalid)\b", re.I
)
_NONE_OF = re.compile(r"\b(?:no|0|without|zero) (?:errors?|warnings?|failures?|exceptions?)\b", re.I)
_LEADING = re.compile(rf"^[\s\[(<|-]*(?:{_ANY})(?![A-Za-z0-9_])[\s\])>|:,-]*", re.IGNORECASE)


def named_level(name: object) -> Level | None:
    """Give the level that a field of a structured line says, by name or by the numbers of pino and syslog."""
    if isinstance(name, str):
        return _BY_NAME.get(name.strip().lower())
    if isinstance(name, int) and not isinstance(name, bool):
        if 10 <= name <= 60:
            return ("debug", "debug", "info", "warning", "error", "fatal")[name // 10 - 1]
        if 0 <= name <= 7:
            return ("fatal", "fatal", "fatal", "error", "warning", "info", "info", "debug")[name]
    return None


def status_level(status: int) -> Level:
    """Give the level of an answer of a web server."""
    return "error" if status >= 500 else "warning" if status >= 400 else "info"


def level_of(text: str) -> Level | None:
    """Give the level that stands near the beginning of a line."""
    near = text[:_NEAR]
    found = _FIELD.search(text[:400]) or _MARKED.search(near)
    if found is not None:
        return _BY_NAME[found[1].lower()]
    upper = _UPPER.search(near)
    return _BY_NAME[upper[0].lower()] if upper is not None else None


def by_words(text: str) -> Level:
    """Give the level that the words of a line suggest, where it names none."""
    said = _NONE_OF.sub("", text)
    if _BAD_WORDS.search(said):
        return "error"
    return "warning" if _ODD_WORDS.search(said) else "none"


def without_level(text: str) -> str:
    """Give a message without the level at its beginning."""
    return _LEADING.sub("", text) or text
