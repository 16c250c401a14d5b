"""The head of a SKILL.md: where it begins and ends, whatever is missing around it.

The standard wants YAML between two lines of `---`. What people publish lacks one of them, or both, or stands in a
code fence.
"""

import re
from dataclasses import dataclass

from daemon.domain.errors import BadInput

MAX_CHARACTERS = 64 * 1024
_KEY = re.compile(r"[A-Za-z_][\w.-]*\s*:(\s|$)")
_FIRST_KEY = re.compile(r"(name|description)\s*:", re.IGNORECASE)
_FENCE = re.compile(r"(```+|~~~+) ?\w*$")


@dataclass(frozen=True, slots=True)
class Parts:
    """A SKILL.md in two: `head` is the text of the front matter, None where there is none."""

    head: str | None
    body: str
    warnings: tuple[str, ...]


def split(text: str) -> Parts:
    """Part a SKILL.md; `text` has plain newlines. Raises BadInput when the head is far too long."""
    lines = text.split("\n")
    warnings: list[str] = []
    start = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    if start:
        warnings.append("empty lines stand before the front matter")
    lines = _without_fence(lines[start:], warnings)
    if not lines or not _opens(lines, warnings):
        return Parts(None, "\n".join(lines).strip("\n"), ("it has no front matter",))
    inner = lines[1:] if lines[0].rstrip() == "---" else lines
    end, rest = _end(inner, warnings)
    head = "\n".join(inner[:end])
    if len(head) > MAX_CHARACTERS:
        raise BadInput(f"The front matter is longer than {MAX_CHARACTERS} characters.", "Move text to the body.")
    return Parts(head, "\n".join(inner[rest:]).strip("\n"), tuple(warnings))


def _without_fence(lines: list[str], warnings: list[str]) -> list[str]:
    if len(lines) < 2 or not _FENCE.match(lines[0].rstrip()) or lines[1].rstrip() != "---":
        return lines
    warnings.append("the whole file stands in a code fence")
    inner = lines[1:]
    last = max(number for number, line in enumerate(inner) if line.strip())
    return inner[:last] if _FENCE.match(inner[last].rstrip()) else inner


def _opens(lines: list[str], warnings: list[str]) -> bool:
    if lines[0].rstrip() == "---":
        return True
    if not _FIRST_KEY.match(lines[0]):
        return False
    warnings.append("the first line is not ---")
    return True


def _end(lines: list[str], warnings: list[str]) -> tuple[int, int]:
    """Give the first line after the head, and the first line of the body."""
    for number, line in enumerate(lines):
        if line.rstrip() in ("---", "..."):
            return number, number + 1
    warnings.append("the line --- after the front matter is missing")
    end = 0
    for number, line in enumerate(lines):
        if _KEY.match(line) or line.startswith((" ", "\t", "- ")):
            end = number + 1
        elif line.strip():
            break
    return end, end
