"""What a template draws: places between 0 and 1, from the lower left, and the number of a colour for each."""

from dataclasses import dataclass, field

from skills.report.charts import Tick

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of the legend: the name of a series and the number of its colour."""

    name: str
    colour: int


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points; `dotted` marks each of them."""

    colour: int
    points: tuple[Point, ...]
    dotted: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A filled rectangle from one corner to the other, with a text beside its end."""

    colour: int
    start: Point
    end: Point
    text: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of a heat map: its corners, how strong it is (0 to 1, None for no value), and its text."""

    start: Point
    end: Point
    strength: float | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole chart.

    `height` is that of the plot in points. `lying` draws names at the left and amounts across; `zero` is where the
    line of zero lies, in the direction of the amounts. `ramp` are the amounts at the ends of a heat map's colours.
    """

    title: str
    subtitle: str
    x_label: str
    y_label: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    height: float
    note: str = ""
    lying: bool = False
    zero: float | None = None
    legend: tuple[Key, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    dots: tuple[Stroke, ...] = ()
    blocks: tuple[Block, ...] = ()
    cells: tuple[Cell, ...] = ()
    ramp: tuple[str, ...] = ()
    alt: str = field(default="")
