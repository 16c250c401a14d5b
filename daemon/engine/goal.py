"""What may be asked, and how it is called: goals, titles and file names from outside made safe."""

import re

from daemon.domain.errors import BadInput
from daemon.domain.visible import visible

LONGEST_GOAL = 1024 * 1024
"""Characters."""

_LONGEST_NAME = 180


def clean_goal(text: str) -> str:
    """Check and clean a goal; raises BadInput when it is empty or too long.

    Bytes that were no UTF-8 become U+FFFD; control characters and marks that change the direction of text are taken
    out, since they show a person something other than what is there.
    """
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\r\n", "\n")
    cleaned = visible(text).strip()
    if not cleaned:
        raise BadInput("The task is empty.", 'Say what to do: agent "disk report"')
    if len(cleaned) > LONGEST_GOAL:
        raise BadInput(
            f"The task has {len(cleaned):,} characters; the most is {LONGEST_GOAL:,}.",
            "Put the text into a file and give it with --file.",
        ).worded("error.too_long", count=f"{len(cleaned):,}", most=f"{LONGEST_GOAL:,}")
    return cleaned


def title_of(goal: str, longest: int = 72) -> str:
    """Give the first line of a goal, cut at a word."""
    line = goal.strip().splitlines()[0].replace("\t", " ").strip()
    if len(line) <= longest:
        return line
    return line[: longest - 1].rsplit(" ", 1)[0] + "…"


def safe_name(name: str) -> str:
    """Make a file name of one component that is safe to show and to write: no path, no control characters."""
    base = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\\", "/").rsplit("/", 1)[-1]
    base = visible(base.replace("\n", " ").replace("\t", " ")).strip().lstrip(".-").strip()
    base = re.sub(r"\s+", " ", base)
    if not base:
        return "file"
    return _shortened(base)


def distinct(names: list[str]) -> list[str]:
    """Make safe names of all, numbering those that are equal: "a.csv", "a (2).csv"."""
    taken: set[str] = set()
    result = []
    for name in names:
        base = candidate = safe_name(name)
        count = 1
        while candidate.casefold() in taken:
            count += 1
            stem, dot, ending = base.rpartition(".")
            candidate = f"{stem} ({count}).{ending}" if dot else f"{base} ({count})"
        taken.add(candidate.casefold())
        result.append(candidate)
    return result


def _shortened(name: str) -> str:
    if len(name.encode()) <= _LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 16:
        stem, dot, ending = name, "", ""
    room = _LONGEST_NAME - len((dot + ending).encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip() + dot + ending
