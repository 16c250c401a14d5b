"""The program behind `make_chart`: a request as JSON on standard input; `chart.svg` and `chart.png` beside it."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import typst

from skills.report.chart.build import as_data, build, described
from skills.report.chart.drawing import Drawing
from skills.report.chart.wish import wish_of
from skills.report.fonts import text_fonts
from skills.report.script import now, run

_DOTS_PER_INCH = 200.0


def main() -> str:
    """Draw the chart that is asked for on standard input."""
    asked: Mapping[str, Any] = json.load(sys.stdin)
    drawing = build(asked)
    Path("chart.svg").write_bytes(drawn(drawing, "svg", now()))
    Path("chart.png").write_bytes(drawn(drawing, "png", now()))
    return described(wish_of(asked), drawing)


def drawn(drawing: Drawing, form: str, created: int) -> bytes:
    """Give a drawing as SVG or PNG, the same bytes for the same drawing and fonts."""
    fonts = typst.Fonts()
    data = {"chart": as_data(drawing), "fonts": text_fonts(fonts.families())}
    here = Path(__file__).parent
    files = {
        "main.typ": (here / "page.typ").read_bytes(),
        "figure.typ": (here / "figure.typ").read_bytes(),
        "data.json": json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"),
    }
    made: Any = typst.compile(
        # Several files in memory are documented, but missing from the type hints.
        cast(bytes, files),
        format=cast(Any, form),
        ppi=_DOTS_PER_INCH,
        font_paths=fonts,
        timestamp=created,
    )
    return cast(bytes, made)


if __name__ == "__main__":
    run(main)
