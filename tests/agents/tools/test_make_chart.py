"""`make_chart`: from lists and from files, in the sandbox, to where it was asked for and nowhere else."""

import pytest

from agents.tools.make_chart import make_chart
from daemon.domain.effect import Label
from daemon.domain.errors import ToolError
from tests.agents.tools.conftest import Room

DATA = {"month": ["2025-01", "2025-02"], "sold": [3, 5]}


async def test_lists_become_a_picture_in_two_forms(room: Room) -> None:
    outcome = await room.call(make_chart, kind="line", data=DATA, title="Sold, by month!")
    assert outcome.text == "output/sold-by-month.svg and output/sold-by-month.png: line chart"
    assert (room.work / "output" / "sold-by-month.png").read_bytes().startswith(b"\x89PNG")
    assert (room.work / "output" / "sold-by-month.svg").read_bytes().startswith(b"<svg")


async def test_a_file_is_grouped_and_filtered(room: Room) -> None:
    rows = "day,region,amount\n2025-01-03,N,5\n2025-01-09,S,7\n2025-02-01,N,2\n2025-02-02,X,1000\n"
    (room.work / "input" / "a.csv").write_text(rows)
    outcome = await room.call(
        make_chart,
        kind="stacked",
        path="input/a.csv",
        x="month(day)",
        y=["sum(amount)"],
        series="region",
        where='region != "X"',
        to="output/sub/months.png",
    )
    assert outcome.text == "output/sub/months.svg and output/sub/months.png: stacked chart of N, S"
    assert outcome.labels >= {Label.PRIVATE}
    assert (room.work / "output" / "sub" / "months.svg").is_file()


@pytest.mark.parametrize("kind", ["histogram", "scatter", "heatmap", "bar"])
async def test_every_kind_reads_files(room: Room, kind: str) -> None:
    (room.work / "input" / "a.csv").write_text("x,y\n" + "\n".join(f"{n},{n % 7}" for n in range(50)))
    series = {"series": "y"} if kind == "heatmap" else {}
    outcome = await room.call(
        make_chart, kind=kind, path="input/a.csv", x="x", y=["y"] if not series else None, **series
    )
    assert outcome.text.startswith(f"output/{kind}.svg")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"data": DATA, "to": "../out.png"}, "leaves the workspace"),
        ({"data": DATA, "to": "/etc/out.png"}, "etc"),
        ({"data": DATA, "to": ""}, "path of a file"),
        ({"path": "input/none.csv"}, "none"),
        ({"data": {"x": ["a"], "y": ["b"]}}, "no number"),
        ({}, "needs either data or the path"),
        ({"data": {"x": ["\ud800"], "y": [1]}}, "half a character"),
    ],
)
async def test_what_cannot_be_done_is_one_sentence_and_writes_nothing(
    room: Room, arguments: dict[str, object], words: str
) -> None:
    with pytest.raises(ToolError, match=words):
        await room.call(make_chart, kind="line", **arguments)
    assert list((room.work / "output").iterdir()) == []
