"""A very long text in parts, so that what a parser takes for it grows with its length and no faster."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ENOUGH, _MOST = 8_000, 12_000
_FENCE = re.compile(r"\s*(`{3,}|~{3,})([^`]*)$")
_GOES_ON = re.compile(r"\s|[-+*>|]|\d{1,9}[.)]")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part, and the lines that it is to be set off by: 2 after a blank one, 0 within a word."""

    text: str
    gap: int


def chunks(text: str) -> list[Chunk]:
    """Cut a long text, at best between blocks, and where it must be within code so that this goes on."""
    return [Chunk(text, 0)] if len(text) <= _MOST else list(_chunks(text))


def _chunks(text: str) -> Iterator[Chunk]:
    kept: list[str] = []
    size, gap, fence = 0, 0, ""
    blank = False
    for line, glued in _lines(text):
        between = not fence and blank and not _GOES_ON.match(line)
        if kept and (size + len(line) > _MOST or (size > _ENOUGH and between)):
            yield Chunk("\n".join([*kept, fence[: _run(fence)]] if fence else kept), gap)
            kept, size, gap = ([fence] if fence else []), len(fence), 0 if glued else 2 if blank else 1
        elif kept and glued:
            kept[-1] += line
            size += len(line)
            continue
        fence = _fence_after(fence, line)
        kept.append(line)
        size += len(line) + 1
        blank = not line.strip()
    yield Chunk("\n".join(kept), gap)


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """Give the lines, those that are too long in parts; True says that a part goes on in the middle of a word."""
    for line in text.split("\n"):
        at, glued = 0, False
        while len(line) - at > _ENOUGH:
            blank = line.rfind(" ", at + 1, at + _ENOUGH)
            end = blank if blank > 0 else at + _ENOUGH
            yield line[at:end], glued
            at, glued = end, blank <= 0
        yield line[at:], glued


def _fence_after(fence: str, line: str) -> str:
    """Give the line that opened the code in which the next line stands; empty outside of code."""
    found = _FENCE.match(line)
    if not found:
        return fence
    if not fence:
        return line.strip()[:60] if len(found[1]) < 20 else ""
    closes = found[1][0] == fence[0] and len(found[1]) >= _run(fence) and not found[2].strip()
    return "" if closes else fence


def _run(fence: str) -> int:
    return len(fence) - len(fence.lstrip(fence[0]))
