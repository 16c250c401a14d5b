"""Documents are set the same each time, with any fonts, and no text in them is a program."""

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from skills.report.blocks import (
    Branch,
    Bullets,
    Card,
    Cards,
    Charts,
    Column,
    Document,
    Excerpt,
    Paragraph,
    Section,
    Table,
    Tree,
)
from skills.report.charts import Histogram, LineChart, Tick, axis, bar_chart, round_ticks
from skills.report.grid import grid
from skills.report.typeset import typeset

HOSTILE = '#read("/etc/passwd") #import "@preview/x:1.0.0": * *b* _i_ `r` $x$ ]}) \\ // <l> @r\n= h'


def every_block(text: str) -> Document:
    ticks = (Tick(0.0, text), Tick(1.0, text))
    charts = (
        bar_chart(text, text, [(text, text, 3.0), (text, text, 1.0)]),
        Histogram(text, text, (0.0, 1.0), ticks, ticks),
        LineChart(text, text, ((0.0, 0.0), (1.0, 1.0)), ticks, ticks),
    )
    blocks = (
        Paragraph(text),
        Paragraph(text, quiet=True),
        Bullets((text,)),
        Table((Column(text), Column(text, "right", 80)), ((text, text),), strong=True),
        Charts(charts),
        Cards((Card(text, text, ((text, text),), ((text, text, 0.5),), text),)),
        Excerpt(text, text),
        Tree((Branch(0, text, text, folder=True), Branch(1, text, text))),
    )
    return Document(text, text, text, ((text, text),), (Section(text, blocks, landscape=True),), text, 1_700_000_000)


def said(pdf: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_markup_is_text_in_every_block() -> None:
    found = said(typeset(every_block(HOSTILE)))
    assert found.count('#read("/etc/passwd")') >= 25
    assert "root:" not in found


@pytest.mark.parametrize("system_fonts", [True, False])
@pytest.mark.parametrize(
    "text", ["", " ", "日本語 العربية हिन्दी 😀", "\x00\x1b\u202e\ud800", "x" * 3000, "\n\n", "\u0301", "𒀀"]
)
def test_any_text_can_be_set_with_any_fonts(text: str, system_fonts: bool) -> None:
    assert typeset(every_block(text), system_fonts).startswith(b"%PDF-")


def test_the_same_document_gives_the_same_bytes_and_the_time_is_the_documents() -> None:
    document = every_block("text")
    assert typeset(document) == typeset(document)
    assert typeset(replace(document, created=document.created + 60)) != typeset(document)


def test_a_document_without_anything_is_a_page() -> None:
    assert len(PdfReader(io.BytesIO(typeset(Document("", "", "", (), (), "", 0)))).pages) == 1


def test_rows_that_need_more_than_a_page_are_turned_and_then_grouped() -> None:
    narrow = grid(["a", "b"], ["left", "left"], [["x", "y"]])
    assert (len(narrow.tables), narrow.landscape) == (1, False)
    broad = grid([f"c{index}" for index in range(8)], ["left"] * 8, [["x" * 15] * 8])
    assert (len(broad.tables), broad.landscape) == (1, True)
    many = grid([f"c{index}" for index in range(100)], ["left"] * 100, [["word"] * 100] * 3)
    assert len(many.tables) > 1
    assert sum(len(table.columns) - 1 for table in many.tables) == 100
    assert all([row[0] for row in table.rows] == ["1", "2", "3"] for table in many.tables)


@pytest.mark.parametrize(
    ("low", "high"),
    [(0, 10), (3, 97), (-5, 5), (0, 0), (7, 7), (-1e308, 1e308), (1e-300, 2e-300), (1e15, 1e15 + 1), (-3, -1)],
)
def test_an_axis_covers_its_values_in_order(low: float, high: float) -> None:
    for zero in (True, False):
        scale = axis(low, high, zero=zero)
        assert scale.low <= low <= high <= scale.high
        places = [tick.at for tick in scale.ticks]
        assert places == sorted(places)
        assert all(0 <= place <= 1 for place in places)
        assert 0 <= scale.at(low) <= scale.at(high) <= 1


def test_round_ticks_lie_within_the_scale() -> None:
    assert [tick.label for tick in round_ticks(3, 28)] == ["5", "10", "15", "20", "25"]
    assert round_ticks(5, 5) == ()
