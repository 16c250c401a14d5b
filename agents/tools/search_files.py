"""`search_files`: lines that fit a pattern, by ripgrep in the sandbox, or by a plain search where there is none."""

import asyncio
import posixpath
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agents.tools.function import tool
from agents.tools.plain_search import search_plainly
from agents.tools.reach import OF_THE_OWNER, WORK, Place, reach
from daemon.domain.call import Outcome
from daemon.domain.effect import Effect
from daemon.domain.errors import ToolError
from daemon.domain.ports import Circumstances
from daemon.domain.sandbox import MIB, Command, Completed, Ending

_MOST_HITS = 100
_LONGEST_LINE = 300
_MOST_CONTEXT = 10
_ROOM = 16_000
_NOT_FOUND = 127
_SYNTAX = frozenset(".^$*+?()[]{}|\\")
_OPTIONS = (
    *("--no-config", "--no-heading", "--line-number", "--with-filename", "--null", "--color=never", "--sort=path"),
    *(f"--max-columns={_LONGEST_LINE}", "--max-columns-preview", f"--max-count={_MOST_HITS}", "--no-messages"),
)


@dataclass(frozen=True, slots=True)
class _Hit:
    """A line; `matches` is False for one that only stands near one that fits."""

    path: str
    line: str
    matches: bool


@tool(Effect.READ)
async def search_files(
    pattern: str,
    at: Circumstances,
    path: str = ".",
    glob: str = "",
    context: int = 0,
    plain: bool = False,
    hidden: bool = False,
) -> Outcome:
    """Search text files for a regex.

    Args:
        glob: Like *.py
        context: Lines around
        plain: No regex
    """
    if not pattern or "\0" in pattern or "\n" in pattern or not 0 <= context <= _MOST_CONTEXT:
        raise ToolError(f"pattern is one line of text, context from 0 to {_MOST_CONTEXT}.")
    if not _sound(pattern) or not _sound(glob) or "\0" in glob:
        raise ToolError("pattern and glob must be whole characters.")
    place = await asyncio.to_thread(reach, at, path)
    await asyncio.to_thread(_look, place)
    options = [*(["--fixed-strings"] if plain else []), *(["--hidden", "--no-ignore"] if hidden else [])]
    options += [f"--glob={glob}"] if glob else []
    done = await _ripgrep(place, pattern, [*options, f"--context={context}"], at)
    if done.status == _NOT_FOUND:
        if not plain and _SYNTAX & set(pattern):
            raise ToolError(
                "Regular expressions need ripgrep, which is not installed here (Debian: ripgrep); plain=true searches "
                "for plain text."
            )
        found = await asyncio.to_thread(search_plainly, place, pattern, glob, _MOST_HITS, hidden=hidden)
        return _outcome(place, [_Hit(*one, matches=True) for one in found.hits], found.note, at)
    if done.ending is Ending.EXITED and done.status > 1 and not done.stdout:
        raise ToolError(f"ripgrep: {done.stderr.decode('utf-8', 'replace').strip()[:500] or 'it failed'}")
    return _outcome(place, _hits(done.stdout), _note(done), at)


async def _ripgrep(place: Place, pattern: str, options: Sequence[str], at: Circumstances) -> Completed:
    limits = replace(at.box.limits, seconds=60.0, output=min(at.box.limits.output, MIB))
    # In the workspace a link that leads to a folder of the owner's finds nothing there.
    box = replace(at.box, folders=() if place.own else at.box.folders, limits=limits)
    where = posixpath.join(WORK, place.path) if place.own else place.shown
    return await at.sandbox.run(Command(("rg", *_OPTIONS, *options, "-e", pattern, "--", where)), box)


def _look(place: Place) -> None:
    """See that the place is a folder or a regular file to which no link leads; ripgrep would follow it."""
    try:
        with place.folder():
            return
    except ToolError:
        if not place.path:
            raise
    place.open().close()


def _hits(output: bytes) -> list[_Hit]:
    """Read lines of the form `path NUL number : text`, with `-` for a line near one."""
    found = []
    for row in output.split(b"\n"):
        path, nul, rest = row.partition(b"\0")
        number = rest[: len(rest) - len(rest.lstrip(b"0123456789"))]
        mark = rest[len(number) : len(number) + 1]
        if nul and number and mark in (b":", b"-"):
            line = f"{number.decode()}{mark.decode()} {rest[len(number) + 1 :].decode('utf-8', 'replace')}"
            found.append(_Hit(path.decode("utf-8", "replace"), line, mark == b":"))
    return found


def _note(done: Completed) -> str:
    if done.ending is Ending.TIMEOUT:
        return "It took more than a minute; what came later is not here."
    if done.ending is not Ending.EXITED:
        return f"It was stopped ({done.ending}); there may be more."
    return ""


def _outcome(place: Place, found: Sequence[_Hit], note: str, at: Circumstances) -> Outcome:
    lines: list[str] = []
    room, hits, owners, above = at.fitting(_ROOM), 0, False, ""
    for one in found:
        path = posixpath.relpath(one.path, WORK) if place.own else one.path
        head = [path if path.isprintable() else ascii(path)] if path != above else []
        room -= sum(len(line) + 1 for line in (*head, one.line))
        if room < 0 or hits == _MOST_HITS:
            break
        lines += [*head, f"  {one.line.rstrip()}"]
        hits, above = hits + one.matches, path
        owners = owners or not place.own or path.startswith("input/")
    left = sum(one.matches for one in found) - hits
    if left > 0:
        lines.append(f"… {left:,} or more further lines fit; make the pattern or the path narrower.")
    lines += [note] if note else []
    labels = place.labels | (OF_THE_OWNER if owners else frozenset())
    return Outcome("\n".join(lines) or "Nothing fits.", labels=labels)


def _sound(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
