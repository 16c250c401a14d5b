"""What chart is wanted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from skills.report.script import Unusable
from skills.report.visible import clipped, one_line

Kind = Literal["line", "bar", "stacked", "scatter", "histogram", "heatmap"]
KINDS: tuple[str, ...] = get_args(Kind)
_TEXTS = ("path", "table", "x", "series", "where", "title", "subtitle", "x_label", "y_label", "unit")
_LONGEST = {"title": 200, "subtitle": 300, "x_label": 120, "y_label": 120, "unit": 40}


@dataclass(frozen=True, slots=True)
class Wish:
    """A chart as it was asked for: of the columns of a file at `path`, or of `data`; empty texts ask for nothing."""

    kind: Kind
    path: str
    table: str
    data: Mapping[str, Any] | None
    x: str
    y: tuple[str, ...]
    series: str
    where: str
    title: str
    subtitle: str
    x_label: str
    y_label: str
    unit: str
    log: bool


def wish_of(asked: Mapping[str, Any]) -> Wish:
    """Read a request; raises Unusable, which names what is wrong."""
    known = {*_TEXTS, "kind", "data", "y", "log"}
    unknown = [str(key) for key in asked if key not in known]
    if unknown:
        raise Unusable(f"A chart has no {clipped(one_line(unknown[0]), 40)}.", f"It has {', '.join(sorted(known))}.")
    kind = str(asked.get("kind", ""))
    if kind not in KINDS:
        raise Unusable(f"There is no chart of the kind “{clipped(one_line(kind), 40)}”.", f"Use {', '.join(KINDS)}.")
    texts = {name: _text(name, asked.get(name)) for name in _TEXTS}
    data = asked.get("data")
    if (data is None) == (texts["path"] == ""):
        raise Unusable("A chart needs either data or the path of a file.", 'Give data as {"x": [1, 2], "y": [3, 4]}.')
    if data is not None and not isinstance(data, Mapping):
        raise Unusable("The data of a chart are lists by name.", 'Give them as {"x": [1, 2], "y": [3, 4]}.')
    wanted = asked.get("y")
    y = (wanted,) if isinstance(wanted, str) else tuple(str(each) for each in wanted or ())
    return Wish(kind=cast(Kind, kind), data=data, y=y, log=asked.get("log") is True, **texts)


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str | int | float):
        raise Unusable(f"{name} of a chart is a text.", "Write it in quotes.")
    text = str(value)
    return clipped(one_line(text), _LONGEST[name]) if name in _LONGEST else text
