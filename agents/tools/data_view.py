"""`data_view`: what is in a table of any size, in the words of a few lines."""

import asyncio
from typing import Literal

from agents.tools.function import tool
from agents.tools.program import ran, seen
from agents.tools.reach import reach_file
from daemon.domain.call import Outcome
from daemon.domain.effect import Effect
from daemon.domain.ports import Circumstances


@tool(Effect.READ)
async def data_view(
    path: str,
    at: Circumstances,
    table: str | None = None,
    select: list[str] | None = None,
    where: str | None = None,
    group: list[str] | None = None,
    sort: str | None = None,
    rows: int | None = None,
    pick: Literal["first", "last", "sample"] | None = None,
) -> Outcome:
    """Look into CSV, JSON, Parquet, Excel or SQLite, however large; path alone gives columns and statistics.

    Args:
        select: Columns; count, sum(x), mean, max, median…
        where: region = "A" and (x > 5 or y contains z)
        group: Columns; month(date), year, day…
        sort: -column falls
    """
    place = await asyncio.to_thread(reach_file, at, path)
    request = {
        "path": seen(place),
        "table": table,
        "select": select,
        "where": where,
        "group": group,
        "sort": sort,
        "rows": rows,
        "pick": pick,
    }
    async with ran("data.view", request, at) as done:
        return Outcome(done.said, labels=place.labels)
