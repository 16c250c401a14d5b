"""`make_pdf`: Markdown as a PDF that one would send to a client."""

import asyncio
from typing import Literal

from agents.tools.function import tool
from agents.tools.program import DATA, labels_of, ran, seen
from agents.tools.reach import reach, reach_file
from daemon.domain.call import Outcome
from daemon.domain.effect import Effect
from daemon.domain.errors import ToolError
from daemon.domain.ports import Circumstances


@tool(Effect.WRITE)
async def make_pdf(
    to: str,
    at: Circumstances,
    path: str | None = None,
    text: str | None = None,
    title: str | None = None,
    theme: Literal["plain", "report", "letter"] = "plain",
    contents: bool = False,
) -> Outcome:
    """Make a PDF of Markdown, with pictures and ```chart fences (make_chart's JSON).

    Args:
        path: Markdown, or give text
    """
    if (path is None) == (text is None):
        raise ToolError("Give either the path of a Markdown file or the text itself.")
    source = await asyncio.to_thread(reach_file, at, path) if path is not None else None
    target = await asyncio.to_thread(reach, at, to)
    request = {
        "path": None if source is None else seen(source),
        "text": text,
        "title": title,
        "theme": theme,
        "contents": contents,
        "roots": [DATA, *(folder.path for folder in at.box.folders)],
    }
    async with ran("paper.make", request, at) as made:
        await asyncio.to_thread(made.put, "paper.pdf", target)
        return Outcome(f"{target.shown}: {made.said}", labels=labels_of(at, source))
