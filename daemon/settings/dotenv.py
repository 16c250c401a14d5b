"""The `.env` file of the configuration folder: variables for those who do not set them elsewhere, secrets among them.

It is read from there alone, never from the working folder, where anybody's archive could have put one. Its values are
never shown: not in messages, not in a repr.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from daemon.settings.mistakes import Mistakes
from daemon.settings.textfile import ONLY_MINE, read_text

NAME = ".env"

_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)", re.DOTALL)
_QUOTED = re.compile(r"'([^']*)'|\"((?:[^\"\\]|\\.)*)\"")
_ESCAPES = {"n": "\n", "t": "\t"}


@dataclass(frozen=True, slots=True)
class Assigned:
    """A variable's value, and its line."""

    line: int
    value: str = field(repr=False)


def read_dotenv(folder: Path, mistakes: Mistakes) -> dict[str, Assigned]:
    """Give the variables of `folder`/.env; none where there is no such file.

    Lines are NAME=value, with `export` before it or not; values may stand in single quotes (taken as they are) or
    double quotes (with \\n, \\t, \\", \\\\); a # after a space begins a comment. Nothing is substituted.
    Raises ConfigError where the file cannot be read or where others may read it; adds mistakes by line.
    """
    text = read_text(folder / NAME, forbidden=ONLY_MINE)
    assigned: dict[str, Assigned] = {}
    for number, raw in enumerate((text or "").split("\n"), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        value = _value(match[2]) if match else None
        if match is None or value is None:
            what = "a quote is not closed" if match else "not of the form NAME=value"
            mistakes.add(f"{NAME}, line {number}", f"{what}.")
        elif match[1] in assigned:
            first = assigned[match[1]].line
            mistakes.add(f"{NAME}, line {number}", f"{match[1]} is set twice, first in line {first}.")
        else:
            assigned[match[1]] = Assigned(number, value)
    return assigned


def _value(written: str) -> str | None:
    """Give the value without quotes and comment, or None where a quote is not closed."""
    if written[:1] in ("'", '"'):
        match = _QUOTED.match(written)
        if match is None or not re.fullmatch(r"\s*(#.*)?", written[match.end() :]):
            return None
        if match[1] is not None:
            return match[1]
        return re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[1]), match[2])
    return re.split(r"(?:^|\s)#", written, maxsplit=1)[0].rstrip()
