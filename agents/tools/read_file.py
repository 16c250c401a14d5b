"""`read_file`: the lines of a text, the text of a PDF, or what a binary file is."""

import asyncio
import io
import os
from typing import TextIO

from agents.tools.encoding import guess
from agents.tools.excerpt import Excerpt
from agents.tools.function import tool
from agents.tools.pdf_text import pdf_text
from agents.tools.reach import Place, reach
from agents.tools.signature import ENOUGH, dimensions, kind
from daemon.domain.call import Outcome
from daemon.domain.effect import Effect
from daemon.domain.errors import ToolError
from daemon.domain.ports import Circumstances

_ROOM = 16_000
_SAMPLE = 65_536
_FURTHEST = 256 * 1024 * 1024


@tool(Effect.READ, aliases=("file_read",))
async def read_file(path: str, at: Circumstances, first_line: int = 1, last_line: int | None = None) -> Outcome:
    """Read a text file or PDF, with line numbers; other files are described."""
    if first_line < 1 or (last_line is not None and last_line < first_line):
        raise ToolError("Lines count from 1, and last_line is not before first_line.")
    place = await asyncio.to_thread(reach, at, path)
    with await asyncio.to_thread(place.open) as file:
        head = await asyncio.to_thread(file.read, ENOUGH)
        size = os.fstat(file.fileno()).st_size
        file.seek(0)
        if head.startswith(b"%PDF-"):
            pages = io.StringIO(await pdf_text(file, place.shown, at))
            about = f"text of a PDF, {size:,} bytes"
            return _text(place, pages, about, Excerpt(first_line, last_line, at.fitting(_ROOM)))
        encoding = guess(head[:_SAMPLE], whole=size <= _SAMPLE)
        if encoding is None:
            return Outcome(_binary(place, head, size), labels=place.labels)
        about = f"{size:,} bytes, {encoding.spoken}"
        # What is no character of the encoding is shown as U+FFFD.
        with io.TextIOWrapper(file, encoding=encoding.codec, errors="replace") as text:
            excerpt = Excerpt(first_line, last_line, at.fitting(_ROOM))
            return await asyncio.to_thread(_text, place, text, about, excerpt)


def _text(place: Place, text: TextIO, about: str, excerpt: Excerpt) -> Outcome:
    whole = excerpt.take(text, _FURTHEST)
    lines = f"{excerpt.lines:,} lines" if whole else f"more than {excerpt.lines:,} lines"
    if excerpt.first > max(excerpt.lines, 1):
        return Outcome(f"{place.shown} has only {lines}.", labels=place.labels, failed=True)
    shown = excerpt.shown("read_file with first_line={first} shows them.")
    return Outcome(f"{place.shown}: {lines}, {about}\n{shown}", labels=place.labels)


def _binary(place: Place, head: bytes, size: int) -> str:
    pixels = dimensions(head)
    measured = f", {pixels[0]} × {pixels[1]} pixels" if pixels else ""
    return f"{place.shown}: {kind(head)}{measured}, {size:,} bytes. It is no text."
