"""`make_chart`: a picture of numbers, as SVG and PNG."""

import asyncio
import re
from typing import Any, Literal

from agents.tools.function import tool
from agents.tools.program import labels_of, ran, seen
from agents.tools.reach import reach, reach_file
from daemon.domain.call import Outcome
from daemon.domain.effect import Effect
from daemon.domain.errors import ToolError
from daemon.domain.ports import Circumstances

_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS = 6


@tool(Effect.WRITE)
async def make_chart(
    kind: Literal["line", "bar", "stacked", "scatter", "histogram", "heatmap"],
    at: Circumstances,
    path: str | None = None,
    data: dict[str, Any] | None = None,
    x: str | None = None,
    y: list[str] | None = None,
    series: str | None = None,
    where: str | None = None,
    title: str | None = None,
    log: bool = False,
    to: str | None = None,
) -> Outcome:
    """Draw a chart of a table file or of lists; writes SVG and PNG.

    Args:
        data: {"x": [1, 2], "y": [3, 4]}
        x: Column; month(date), year…
        y: Columns; sum(x), mean, count…
        series: Column that becomes colours
    """
    source = await asyncio.to_thread(reach_file, at, path) if path is not None else None
    base = _base(to, title or kind)
    vector = await asyncio.to_thread(reach, at, f"{base}.svg")
    pixels = await asyncio.to_thread(reach, at, f"{base}.png")
    request = {
        "kind": kind,
        "path": None if source is None else seen(source),
        "data": data,
        "x": x,
        "y": y,
        "series": series,
        "where": where,
        "title": title,
        "log": log,
    }
    async with ran("chart.draw", request, at) as made:
        for name, place in (("chart.svg", vector), ("chart.png", pixels)):
            await asyncio.to_thread(made.put, name, place)
        said = f"{base}.svg and {base}.png: {made.said}"
    return Outcome(said, labels=labels_of(at, source))


def _base(to: str | None, title: str) -> str:
    """Give the path without its ending: what was asked for, or the words of the title."""
    if to is None:
        words = _WORD.findall(title.lower())[:_MOST_WORDS]
        return f"output/{'-'.join(words)[:60] or 'chart'}"
    base = re.sub(r"\.(?:svg|png)\Z", "", to, flags=re.IGNORECASE)
    if not base or base.endswith("/"):
        raise ToolError("to is the path of a file, such as output/sales.png.")
    return base
