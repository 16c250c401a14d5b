"""Rows of any width as tables that fit a page: portrait, landscape, or column groups one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass

from skills.report.blocks import Align, Column, Table
from skills.report.visible import breakable, clipped, columns_of

PORTRAIT, LANDSCAPE = 493.0, 740.0  # points of text width on A4 within the margins of the template
_POINT_PER_CHARACTER = 4.25
_PADDING = 11.0
_LEAST, _MOST = 4.0, 34.0
_CLIP = 150


@dataclass(frozen=True, slots=True)
class Grid:
    """Tables that show the same rows, each another group of columns, and whether they need landscape pages."""

    tables: tuple[Table, ...]
    landscape: bool


def grid(names: Sequence[str], aligns: Sequence[Align], rows: Sequence[Sequence[str]]) -> Grid:
    """Lay out `rows`, with their numbers from 1 in front; long texts are clipped, long words may break."""
    widths = [_width(names[index], [row[index] for row in rows]) for index in range(len(names))]
    front = _points(len(str(len(rows))))
    landscape = sum(widths) + front > PORTRAIT
    room = (LANDSCAPE if landscape else PORTRAIT) - front
    groups = _groups(widths, room)
    return Grid(tuple(_table(group, names, aligns, rows, widths, front, room) for group in groups), landscape)


def _width(name: str, cells: Sequence[str]) -> float:
    lengths = sorted(columns_of(cell[:60]) for cell in cells)
    usual = lengths[int(len(lengths) * 0.95) - 1 if len(lengths) > 20 else -1] if lengths else 0.0
    heading = min(columns_of(name) * 1.1, 18.0)
    return _points(min(_MOST, max(_LEAST, usual, heading)))


def _points(characters: float) -> float:
    return characters * _POINT_PER_CHARACTER + _PADDING


def _groups(widths: Sequence[float], room: float) -> list[list[int]]:
    groups: list[list[int]] = [[]]
    used = 0.0
    for index, width in enumerate(widths):
        if groups[-1] and used + width > room:
            groups.append([])
            used = 0.0
        groups[-1].append(index)
        used += width
    return groups


def _table(
    group: Sequence[int],
    names: Sequence[str],
    aligns: Sequence[Align],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    front: float,
    room: float,
) -> Table:
    stretch = min(1.5, room / sum(widths[index] for index in group))
    points = [widths[index] * stretch for index in group]
    runs = [max(3, int((width - _PADDING) / _POINT_PER_CHARACTER * 0.85)) for width in points]
    columns = [Column("", "right", front)]
    for index, width, run in zip(group, points, runs, strict=True):
        columns.append(Column(breakable(clipped(names[index], 80), run), aligns[index], width))
    body = tuple(
        (
            str(number),
            *(breakable(clipped(row[index], _CLIP), run) for index, run in zip(group, runs, strict=True)),
        )
        for number, row in enumerate(rows, 1)
    )
    return Table(tuple(columns), body)
