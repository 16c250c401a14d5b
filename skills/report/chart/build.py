"""From a wish to a drawing."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from skills.report.chart.bars import bar, heatmap
from skills.report.chart.bins import Bins, bins_of_values
from skills.report.chart.drawing import Drawing
from skills.report.chart.frame import frame_of_lists
from skills.report.chart.plot import histogram, line, scatter
from skills.report.chart.wish import Wish, wish_of

_PLACES = 5


def build(asked: Mapping[str, Any]) -> Drawing:
    """Draw what is asked for; raises Unusable."""
    wish = wish_of(asked)
    if wish.path:
        # Files need their readers, which take a while to import.
        from skills.report.chart.reading import frame_of_file

        found = frame_of_file(wish)
    else:
        found = frame_of_lists(wish)
        if wish.kind == "histogram":
            found = bins_of_values(found.y_name, [value for values in found.series.values() for value in values])
    if isinstance(found, Bins):
        return histogram(found, wish)
    return {"line": line, "scatter": scatter, "heatmap": heatmap}.get(wish.kind, bar)(found, wish)


def as_data(drawing: Drawing) -> dict[str, Any]:
    """Give a drawing as JSON has it; places are rounded to what can be seen."""
    rounded: dict[str, Any] = _rounded(asdict(drawing))
    return rounded


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, _PLACES)
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return value


def described(wish: Wish, drawing: Drawing) -> str:
    """Say in one line what was drawn."""
    names = [key.name for key in drawing.legend]
    of = f" of {', '.join(names)}" if names else ""
    return f"{wish.kind} chart{of}" + (f". {drawing.note}" if drawing.note else "")
