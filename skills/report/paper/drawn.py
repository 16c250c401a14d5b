"""Charts in a paper: a fence with the word `chart` holds what `make_chart` takes, as JSON."""

import json
from typing import Any

from skills.report.chart.build import as_data, build
from skills.report.paper.wish import Wish
from skills.report.script import Unusable
from skills.report.visible import clipped, one_line


def chart_of(source: str, wish: Wish) -> tuple[dict[str, Any] | None, str]:
    """Give the drawing as the template has it, or why there is none."""
    try:
        asked = json.loads(source)
    except (ValueError, RecursionError) as problem:
        return None, f"it is not JSON ({getattr(problem, 'msg', 'nested too deeply')})."
    if not isinstance(asked, dict):
        return None, "it is not a JSON object."
    if isinstance(asked.get("path"), str):
        path = (wish.folder / asked["path"]).resolve()
        if not any(path.is_relative_to(root.resolve()) for root in wish.roots):
            return None, f"{clipped(one_line(asked['path']), 80)} lies outside of the workspace."
        asked["path"] = str(path)
    try:
        return as_data(build(asked)), ""
    except Unusable as problem:
        return None, f"{problem.message} {problem.fix}"
    except OSError as problem:
        return None, f"its file cannot be read ({problem.strerror})."
