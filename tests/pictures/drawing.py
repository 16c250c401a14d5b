"""A recorded session as an SVG: its last screen in a window, and how the progress stood that was rewritten."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from tests.pictures.shell import COLUMNS, Ink, Line, Moment, Shot, Stretch, words

CELL = 8.4
"""Width of a cell in a monospaced font of 14 pixels."""

LEADING = 20
MARGIN = 22
BAR = 38
"""Height of the window's title bar."""

WIDTH = round(2 * MARGIN + CELL * COLUMNS)

_GROUND, _EDGE, _TITLE = "#14171c", "#3a404a", "#1f242b"
_TEXT = "#d6dae1"
_LIGHTS = ("#ec6a5e", "#f4bf4f", "#61c554")
_FONTS = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace"

_COLOURS = {
    "default": _TEXT,
    "black": "#5c6370",
    "red": "#ff7b72",
    "green": "#7ee787",
    "brown": "#e3b341",
    "blue": "#79b8ff",
    "magenta": "#d2a8ff",
    "cyan": "#6fd3e3",
    "white": "#f0f3f6",
    "brightblack": "#929aa5",
    "brightred": "#ffa198",
    "brightgreen": "#9bf0a4",
    "brightbrown": "#f2cc60",
    "brightblue": "#a5d0ff",
    "brightmagenta": "#e2c5ff",
    "brightcyan": "#a0e7f0",
    "brightwhite": "#ffffff",
}

_STYLE = f"text{{font:14px {_FONTS};fill:{_TEXT};white-space:pre}}.gone{{opacity:.7}}"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the picture; `gone` if it had been rewritten by the end."""

    line: Line
    gone: bool = False


def draw(shots: Sequence[Shot]) -> str:
    """Draw what a session showed."""
    drawn = rows(shots)
    height = BAR + 2 * MARGIN + LEADING * len(drawn) - LEADING // 2
    commands = [words(shot.lines[-1]).removeprefix("$ ") for shot in shots if shot.moment is Moment.TYPED]
    label = quoteattr("A terminal session: " + "; ".join(commands))
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}"'
            f' viewBox="0 0 {WIDTH} {height}" xml:space="preserve" role="img" aria-label={label}>',
            f"<style>{_STYLE}</style>",
            *_window(height),
            f'<g transform="translate({MARGIN} {BAR + MARGIN + 4})">',
            *(_row(number, row) for number, row in enumerate(drawn)),
            _cursor(len(drawn) - 1, shots[-1].column),
            "</g>",
            "</svg>",
            "",
        )
    )


def rows(shots: Sequence[Shot]) -> list[Row]:
    """Give the lines of the last screen, and after each command the last line of its progress, which was rewritten."""
    found = [Row(line) for line in shots[-1].lines]
    passing: dict[int, Line] = {}
    for shot in shots:
        if shot.moment is Moment.PROGRESS and shot.lines:
            passing[len(shot.lines) - 1] = shot.lines[-1]
    for number, line in sorted(passing.items(), reverse=True):
        found.insert(number, Row(line, gone=True))
    first = next(number for number, row in enumerate(found) if row.line)
    return found[first:]


def _window(height: int) -> Iterator[str]:
    yield f'<rect x=".5" y=".5" width="{WIDTH - 1}" height="{height - 1}" rx="9" fill="{_GROUND}" stroke="{_EDGE}"/>'
    yield f'<path d="M1 {BAR}V9.5a8.5 8.5 0 0 1 8.5-8.5h{WIDTH - 19}a8.5 8.5 0 0 1 8.5 8.5V{BAR}z" fill="{_TITLE}"/>'
    for number, colour in enumerate(_LIGHTS):
        yield f'<circle cx="{MARGIN + 6 + 20 * number}" cy="{BAR // 2}" r="6" fill="{colour}"/>'


def _row(number: int, row: Row) -> str:
    gone = ' class="gone"' * row.gone
    return f'<text y="{LEADING * number}"{gone}>{"".join(_stretch(stretch) for stretch in row.line)}</text>'


def _stretch(stretch: Stretch) -> str:
    """Write neighbouring cells; their place and length are set, for fonts whose cells are narrower or wider."""
    where = f'x="{_short(CELL * stretch.column)}" textLength="{_short(CELL * stretch.width)}"'
    return f"<tspan {where}{_ink(stretch.ink)}>{escape(stretch.text)}</tspan>"


def _ink(ink: Ink) -> str:
    colour = _COLOURS.get(ink.colour, f"#{ink.colour}")
    return f' fill="{colour}"' * (colour != _TEXT) + ' font-weight="700"' * ink.bold


def _cursor(row: int, column: int) -> str:
    return f'<rect x="{_short(CELL * column)}" y="{LEADING * row - 13}" width="8" height="17" fill="{_TEXT}"/>'


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
