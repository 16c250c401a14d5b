"""What a report is made of. All texts are shown as they are: nothing in them is ever read as markup."""

from dataclasses import dataclass, field
from typing import Literal

from skills.report.charts import Chart

Align = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `quiet` sets it small and grey, as a note."""

    text: str
    quiet: bool = False
    kind: str = field(default="paragraph", init=False)


@dataclass(frozen=True, slots=True)
class Bullets:
    """Short statements, one below the other."""

    items: tuple[str, ...]
    kind: str = field(default="bullets", init=False)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: heading, alignment, and width in points (None shares what is left)."""

    title: str
    align: Align = "left"
    width: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that break over pages below a repeated heading; `strong` sets the first column in bold."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    strong: bool = False
    kind: str = field(default="table", init=False)


@dataclass(frozen=True, slots=True)
class Charts:
    """Charts in two columns; wide ones take both."""

    charts: tuple[Chart, ...]
    kind: str = field(default="charts", init=False)


@dataclass(frozen=True, slots=True)
class Card:
    """One thing in detail: a title, a tag beside it, facts, and parts of a whole as small bars.

    `parts` are label, text at the right and share of the widest bar, 0 to 1.
    """

    title: str
    tag: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[tuple[str, str, float], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cards:
    """Cards in two columns."""

    cards: tuple[Card, ...]
    kind: str = field(default="cards", init=False)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Plain text quoted from a file, below its name."""

    title: str
    text: str
    kind: str = field(default="excerpt", init=False)


@dataclass(frozen=True, slots=True)
class Branch:
    """A line of a tree: how deep, the name, what it is (dim, at the right)."""

    depth: int
    name: str
    detail: str
    folder: bool = False


@dataclass(frozen=True, slots=True)
class Tree:
    """Folders and files, indented."""

    branches: tuple[Branch, ...]
    kind: str = field(default="tree", init=False)


Block = Paragraph | Bullets | Table | Charts | Cards | Excerpt | Tree


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what is below it; `landscape` turns its pages."""

    title: str
    blocks: tuple[Block, ...]
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report.

    `label` is the kind of report, in small capitals above the title; `figures` are the key figures below it (value,
    caption); `footer` stands at the foot of each page; `created` is in seconds since the epoch.
    """

    label: str
    title: str
    subtitle: str
    figures: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    footer: str
    created: int
