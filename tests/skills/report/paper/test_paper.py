"""Markdown becomes a paper: read back by poppler's programs, and attacked."""

import io
import re
import struct
import subprocess
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from skills.report.paper.make import made
from skills.report.paper.reading import Paper, read
from skills.report.paper.wish import wish_of
from skills.report.script import Unusable

MARKDOWN = """---
title: Quarterly review
author: Maria Rossi
lang: de
---
# Summary

Revenue grew by **14 %**.[^1] See [the numbers](#numbers), <https://example.com/a>, and not [this](javascript:alert(1)).

| Region | Revenue |
|:--|--:|
| North | 1,204 |

## Numbers

- [x] done
- open

```python
print("hello")
```

![A picture](pic.png "Figure 1")

שלום עולם

日本語の段落

Again.[^1] a<sub>2</sub> <b>bold</b> <script>alert(1)</script>

[^1]: A footnote.
"""


def paper(text: str, folder: Path, **more: Any) -> tuple[Paper, Path]:
    wish = wish_of({"text": text, "roots": [str(folder)], **more})
    found = read(wish)
    path = folder / "paper.pdf"
    path.write_bytes(made(found, wish))
    return found, path


def told(program: str, path: Path, *options: str) -> str:
    command = [program, *options, str(path), *(["-"] if program == "pdftotext" else [])]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


def picture(folder: Path, name: str = "pic.png", size: tuple[int, int] = (80, 40)) -> None:
    Image.new("RGB", size, "#b3475f").save(folder / name)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    picture(tmp_path)
    return tmp_path


def test_all_is_there_in_its_order_when_the_text_is_read_back(folder: Path) -> None:
    found, path = paper(MARKDOWN, folder)
    assert found.problems == []
    text = told("pdftotext", path, "-layout")
    words = ["Quarterly review", "Summary", "Revenue grew by 14 %", "North", "1,204", "Numbers", "done"]
    places = [text.find(word) for word in [*words, 'print("hello")', "Figure 1", "日本語の段落", "Again."]]
    assert places == sorted(places) and places[0] >= 0, text
    assert "A footnote." in text
    assert text.count("A footnote.") == 1
    assert "<script>alert(1)</script>" in text
    assert "שלום" in told("pdftotext", path)


def test_fonts_are_embedded_and_the_paper_says_what_it_is(folder: Path) -> None:
    _, path = paper(MARKDOWN, folder)
    fonts = told("pdffonts", path).splitlines()[2:]
    assert fonts
    assert all(re.search(r"\byes yes yes\b", line) for line in fonts)
    facts = told("pdfinfo", path)
    assert re.search(r"Title:\s+Quarterly review", facts)
    assert re.search(r"Author:\s+Maria Rossi", facts)
    assert re.search(r"Tagged:\s+yes", facts)
    data = path.read_bytes()
    assert b"https://example.com/a" in data
    assert b"javascript" not in data


def test_the_picture_is_where_it_ought_to_be(folder: Path) -> None:
    _, path = paper("![x](pic.png)", folder)
    done = subprocess.run(["pdftoppm", "-r", "30", "-png", str(path)], capture_output=True, check=True)
    page = Image.open(io.BytesIO(done.stdout)).convert("RGB")
    colours = page.getcolors(1_000_000) or []
    assert any(count > 50 and abs(red - 0xB3) < 9 for count, (red, *_) in colours)  # type: ignore[misc]


@pytest.mark.parametrize("theme", ["plain", "report", "letter"])
@pytest.mark.parametrize("paper_", ["a4", "letter", "a5"])
def test_every_theme_on_every_paper(folder: Path, theme: str, paper_: str) -> None:
    _, path = paper(MARKDOWN, folder, theme=theme, paper=paper_, contents=True, title="Another title")
    assert "Another title" in told("pdftotext", path)
    widths = {"a4": "595", "letter": "612", "a5": "419"}
    assert re.search(rf"Page size:\s+{widths[paper_]}", told("pdfinfo", path))


def test_a_long_table_repeats_its_head_on_every_page(folder: Path) -> None:
    rows = "\n".join(f"| {number} | name {number} |" for number in range(200))
    _, path = paper(f"| No | Name of it |\n|--:|--|\n{rows}\n", folder)
    pages = told("pdftotext", path).split("\f")[:-1]
    assert len(pages) > 3
    assert all("Name of it" in page for page in pages)


def test_a_chart_is_drawn_from_lists_and_from_a_file(folder: Path) -> None:
    (folder / "a.csv").write_text("m,v\na,1\nb,2\n")
    fences = [
        '{"kind": "bar", "title": "From lists", "data": {"x": ["a"], "y": [1]}}',
        '{"kind": "bar", "title": "From a file", "path": "a.csv", "x": "m", "y": ["v"]}',
    ]
    found, path = paper("".join(f"```chart\n{fence}\n```\n\n" for fence in fences), folder)
    assert found.problems == []
    text = told("pdftotext", path)
    assert "From lists" in text and "From a file" in text


@pytest.mark.parametrize(
    ("fence", "words"),
    [("{", "not JSON"), ("[]", "not a JSON object"), ('{"kind": "pie"}', "no chart of the kind")],
)
def test_a_chart_that_cannot_be_drawn_is_shown_as_its_text(folder: Path, fence: str, words: str) -> None:
    found, path = paper(f"```chart\n{fence}\n```\n", folder)
    assert words in found.problems[0]
    assert fence[:4] in told("pdftotext", path)


def _lying_png(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


PICTURES: dict[str, tuple[bytes, str]] = {
    "bomb.png": (_lying_png(100_000, 100_000), "pixels"),
    "lie.png": (_lying_png(500, 500), "damaged"),
    "cut.png": (b"\x89PNG\r\n\x1a\n", "cut off"),
    "half.jpg": (b"\xff\xd8\xff\xe0" + b"\0" * 50, "damaged"),
    "text.png": (b"hello", "no picture"),
    "bad.svg": (b"<svg><<<", "damaged"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_that_is_none_is_left_out_and_said(folder: Path, name: str) -> None:
    data, words = PICTURES[name]
    (folder / name).write_bytes(data)
    found, path = paper(f"Before\n\n![what it shows]({name})\n\n![good](pic.png)\n\nafter", folder)
    assert any(words in problem for problem in found.problems), found.problems
    text = told("pdftotext", path)
    assert "[what it shows]" in text
    assert "after" in text


OUTSIDE = ["/etc/hostname", "../secret.png", "http://127.0.0.1/x.png", "file:///etc/passwd", "link.png"]


@pytest.mark.parametrize("source", [*OUTSIDE, "data:image/png;base64,AA"])
def test_nothing_outside_of_its_folders_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    monkeypatch.chdir(inside)
    picture(tmp_path, "secret.png")
    (inside / "link.png").symlink_to(tmp_path / "secret.png")
    found, path = paper(f"![x]({source})", inside)
    assert found.files == {}
    # An address that no picture can have stays the text that it is.
    assert "not shown" in "".join(found.problems) or source in told("pdftotext", path)


def test_an_svg_loads_nothing(folder: Path) -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">'
        f'<script>alert(1)</script><image xlink:href="file://{folder}/pic.png" width="9" height="9"/>'
        '<rect width="3" height="3" fill="red"/></svg>'
    )
    (folder / "a.svg").write_text(svg)
    _, path = paper("![x](a.svg)", folder)
    assert b"/Subtype /Image" not in path.read_bytes()


NASTY = {
    "typst": '#import "x": *\n\n#panic()\n\n$ x $ @ref <label> \\#let `#raw`\n\n= Heading\n\n/ term: x',
    "nesting": ">" * 5000 + " deep\n\n" + "- " * 3000 + "x",
    "brackets": "[" * 20_000 + "](" * 20_000,
    "word": "x" * 100_000,
    "emphasis": "*a" * 20_000,
    "html": "<div>\n<p onload=x>text</p>\n\n<!-- secret -->\n<br><kbd><sub><u>x",
    "control": "a\x00b\x1b[2J\u202e\u2066c\ud800d",
    "table": "|a|b|\n|-|-|\n" + "|1|\n" * 50 + "|1|2|3|4|\n",
    "footnotes": "x[^a][^b][^a]\n\n[^a]: y[^b]\n[^b]: z[^a]\n",
    "lists": "9999999. a\n1. b\n\n0) c",
    "empty heads": "#\n\n##\n\n# x\n\n# x\n\n[l](#x-1)",
    "code": "```" + "`" * 50 + "\nx\n\n```<>\ny\n```\n\n    indented",
}


@pytest.mark.parametrize("name", NASTY)
def test_whatever_is_written_is_set(folder: Path, name: str) -> None:
    _, path = paper(NASTY[name], folder)
    assert path.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"text": " \n"}, "nothing to set"),
        ({"text": "x", "theme": "pink"}, "no theme"),
        ({"text": "x", "paper": "wall"}, "no paper"),
        ({"text": "x" * (5 * 1024 * 1024 + 1)}, "larger than 5 MB"),
    ],
)
def test_what_cannot_be_set_says_why(asked: dict[str, Any], words: str) -> None:
    with pytest.raises(Unusable, match=words):
        wish_of(asked)


def test_the_same_markdown_gives_the_same_bytes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_NOW", "1800000000")
    _, path = paper(MARKDOWN, folder)
    first = path.read_bytes()
    paper(MARKDOWN, folder)
    assert path.read_bytes() == first
