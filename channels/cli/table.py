"""Aligned columns for a terminal."""

from collections.abc import Sequence

from channels.cli.screen import Screen
from channels.cli.width import columns_of, cut, padded

_GAP = "  "
_NARROWEST = 8
"""Columns that the column which gives way keeps at least; lines then wrap."""


def print_table(
    screen: Screen,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    gives_way: int,
    colours: Sequence[Sequence[str]] = (),
) -> None:
    """Print rows under a head; the column `gives_way` is cut so that a row fits the terminal.

    The cells are texts that are safe to print; `colours` has a colour or "" for each cell.
    """
    widths = [max(columns_of(row[column]) for row in (head, *rows)) for column in range(len(head))]
    others = sum(widths) - widths[gives_way] + len(_GAP) * (len(head) - 1)
    widths[gives_way] = min(widths[gives_way], max(_NARROWEST, screen.width - others))
    screen.say(_row(screen, head, widths, ["dim"] * len(head)))
    for position, row in enumerate(rows):
        screen.say(_row(screen, row, widths, colours[position] if colours else [""] * len(head)))


def _row(screen: Screen, cells: Sequence[str], widths: Sequence[int], colours: Sequence[str]) -> str:
    last = len(cells) - 1
    shown = []
    for column, (cell, width, colour) in enumerate(zip(cells, widths, colours, strict=True)):
        text = cut(cell, width)
        filled = text if column == last else padded(text, width)
        shown.append(screen.paint(filled, colour) if colour else filled)
    return _GAP.join(shown)
