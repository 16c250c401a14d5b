"""DuckDB, as it is used here: bounded memory, nothing fetched, and one thread.

With one thread the same file gives the same answer to the last digit, which sums and quantiles by several do not.
"""

import os
import threading
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import duckdb

from skills.report.script import Unusable
from skills.report.visible import clipped, one_line

Row = tuple[Any, ...]
Feed = Callable[[BinaryIO], None]

TABLE = "\0table\0"
"""Stands for the relation in a query; no literal has a NUL character, so that no text of anybody's can name it."""

_PIPE = "\0pipe\0"
_MEMORY = "200MB"
_SETTINGS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "threads": "1",
    "memory_limit": _MEMORY,
}


@dataclass(frozen=True, slots=True)
class Relation:
    """What stands after FROM; it gives the columns c0, c1 and so on.

    With a `feed`, the rows are written to a pipe while they are read. `instead` is tried where this one cannot be read.
    """

    source: str
    feed: Feed | None = None
    instead: "Relation | None" = None


class Engine:
    """Asks questions of relations."""

    def __init__(self, spill: Path) -> None:
        """Keep what does not fit into memory in the folder `spill`."""
        self._open: dict[Path, BinaryIO] = {}
        self._connection = duckdb.connect(config={**_SETTINGS, "temp_directory": str(spill)})
        # Times with a zone are shown in one, whatever the machine's is.
        self._connection.execute("SET TimeZone = 'UTC'")

    def close(self) -> None:
        """Let go of the files and of what was kept."""
        self._connection.close()
        for file in self._open.values():
            file.close()
        self._open.clear()

    def place(self, path: Path) -> str:
        """Give the literal by which DuckDB opens a file, whose own name it might take for a pattern of many."""
        if path not in self._open:
            self._open[path] = path.open("rb")
        return f"'/dev/fd/{self._open[path].fileno()}'"

    def rows(self, relation: Relation, query: str) -> list[Row]:
        """Give the rows of a query, in which TABLE stands for the relation; raises Unusable.

        Where the relation cannot be read, the one that it names instead is.
        """
        try:
            return self._rows(relation, query)
        except duckdb.OutOfMemoryException as problem:
            raise Unusable(
                "This needs more memory than there is, for so many different values.",
                "Filter first, or group by fewer values.",
            ) from problem
        except duckdb.Error as problem:
            if relation.instead is None:
                raise Unusable(f"The file cannot be read: {_said(problem)}", "Check that it is whole.") from problem
        return self.rows(relation.instead, query)

    def values(self, query: str) -> list[Row]:
        """Give the rows of a query that needs no relation."""
        return self._connection.execute(query).fetchall()

    def _rows(self, relation: Relation, query: str) -> list[Row]:
        if relation.feed is None:
            return self._connection.execute(query.replace(TABLE, relation.source)).fetchall()
        with closing(_Pipe(relation.feed)) as pipe:
            source = relation.source.replace(_PIPE, pipe.name)
            rows = self._connection.execute(query.replace(TABLE, source)).fetchall()
        pipe.raise_what_was_raised()
        return rows


class _Pipe:
    """A pipe that a thread of its own fills."""

    def __init__(self, feed: Feed) -> None:
        self._end, write = os.pipe()
        self.name = f"/dev/fd/{self._end}"
        self._feed = feed
        self._raised: BaseException | None = None
        self._thread = threading.Thread(target=self._fill, args=(write,))
        self._thread.start()

    def close(self) -> None:
        """End the thread, which finds nobody reading."""
        os.close(self._end)
        self._thread.join()

    def raise_what_was_raised(self) -> None:
        """Raise in this thread what was raised in that of the feed."""
        if self._raised is not None:
            raise self._raised

    def _fill(self, write: int) -> None:
        file = os.fdopen(write, "wb", buffering=1 << 16)
        try:
            self._feed(file)
            file.flush()
        except BrokenPipeError:
            pass  # enough rows were read
        except BaseException as raised:  # noqa: BLE001 - the edge of the thread: it is raised again in the other
            self._raised = raised
        finally:
            with suppress(BrokenPipeError):
                file.close()


def quoted(text: str) -> str:
    """Give a text as a literal of SQL."""
    return "'" + text.replace("\0", "").replace("'", "''") + "'"


def csv_source(place: str, width: int, options: Sequence[str]) -> str:
    """Give what reads separated cells as texts, from a place by `Engine.place`; nothing about them is guessed."""
    columns = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(width))
    fixed = ("auto_detect=false", "parallel=false", "null_padding=true", "strict_mode=false")
    return f"read_csv({place}, columns={{{columns}}}, {', '.join((*fixed, *options))})"


def piped(width: int, feed: Feed) -> Relation:
    """Give the relation of rows that a feed writes as plain CSV (RFC 4180, UTF-8, no headings)."""
    options = ("delim=','", "quote='\"'", "escape='\"'", "header=false", r"new_line='\n'")
    return Relation(csv_source(f"'{_PIPE}'", width, options), feed)


def _said(problem: duckdb.Error) -> str:
    return clipped(one_line(str(problem).split("\n", 1)[0]), 200)
