"""Tables: in columns of fixed pitch where a phone is wide enough, else row by row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from channels.telegram.text.columns import aligned, columns_of
from channels.telegram.text.writing import Writing

MOST_COLUMNS = 40
"""What a phone shows of a line in fixed pitch."""
_BETWEEN = "  "
_MANY_ROWS = 500
_Write = Callable[[Writing, Sequence[Token]], None]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was written: the tokens of every cell, the first row being the head."""

    rows: Sequence[Sequence[Sequence[Token]]]
    sides: Sequence[str]

    def write(self, writing: Writing, write_cell: _Write) -> None:
        """Write it; a table with links goes row by row, since in fixed pitch there are none."""
        grid, links = self._grid(write_cell)
        widths = [max(map(columns_of, column), default=0) for column in zip(*grid, strict=True)]
        width = sum(widths) + len(_BETWEEN) * (len(widths) - 1)
        if width > MOST_COLUMNS or links or len(grid) > _MANY_ROWS:
            self._write_rows(writing, write_cell, grid)
        else:
            writing.put_block("\n".join(self._lines(grid, widths)))

    def _grid(self, write_cell: _Write) -> tuple[list[list[str]], bool]:
        """Give the plain text of every cell, and whether there are links."""
        links = False
        grid: list[list[str]] = []
        for row in self.rows:
            texts = []
            for cell in row:
                alone = Writing()
                write_cell(alone, cell)
                links = links or alone.marked("text_link")
                texts.append(" ".join(alone.result().text.split()))
            grid.append(texts)
        return grid, links

    def _lines(self, grid: Sequence[Sequence[str]], widths: Sequence[int]) -> list[str]:
        lines = [
            _BETWEEN.join(aligned(text, width, side) for text, width, side in zip(row, widths, self.sides, strict=True))
            for row in grid
        ]
        rule = _BETWEEN.join("─" * width for width in widths)
        head = [lines[0], rule] if any(grid[0]) else []
        return [line.rstrip() for line in [*head, *lines[1:]]]

    def _write_rows(self, writing: Writing, write_cell: _Write, grid: Sequence[Sequence[str]]) -> None:
        """Write a block for each row, with a line for each cell that says something."""
        for row, texts in zip(self.rows[1:], grid[1:], strict=True):
            writing.gap(2)
            for head, cell, text in zip(grid[0], row, texts, strict=True):
                if text:
                    writing.put(f"{head.rstrip(':')}: " if head else "")
                    write_cell(writing, cell)
                    writing.gap(1)
        if len(grid) == 1:
            writing.put(_BETWEEN.join(text for text in grid[0] if text))
        writing.gap(2)
