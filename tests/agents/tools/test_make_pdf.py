"""`make_pdf`: in the sandbox, from a file or a text, to where it was asked for."""

import subprocess
from pathlib import Path

import pytest

from agents.tools.make_pdf import make_pdf
from daemon.domain.errors import ToolError
from tests.agents.tools.conftest import Room


def words_of(path: Path) -> list[str]:
    return subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout.decode().split()


async def test_a_text_becomes_a_paper(room: Room) -> None:
    outcome = await room.call(make_pdf, to="output/a.pdf", text="# Hello\n\nworld\n\n![x](none.png)", title="T")
    first, second = outcome.text.splitlines()
    assert first.startswith("output/a.pdf: 1 page, ")
    assert second == "The picture none.png is not shown: there is no such file."
    assert words_of(room.work / "output" / "a.pdf")[:3] == ["T", "Hello", "world"]


async def test_pictures_lie_beside_the_file_or_in_the_owners_folders(room: Room) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    (room.work / "src" / "here.svg").write_text(svg)
    (room.given / "there.svg").write_text(svg)
    (room.work / "src" / "a.md").write_text(f"![a](here.svg)\n\n![b]({room.given}/there.svg)\n\n![c](/etc/passwd)\n")
    outcome = await room.call(make_pdf, to="output/a.pdf", path="src/a.md", theme="report")
    assert outcome.text.count("not shown") == 1
    assert "/etc/passwd" in outcome.text


async def test_a_secret_of_the_agent_is_no_picture(room: Room) -> None:
    outcome = await room.call(make_pdf, to="output/a.pdf", text=f"![c]({room.state}/key)")
    assert "not shown" in outcome.text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"to": "output/a.pdf"}, "Give either"),
        ({"to": "output/a.pdf", "text": "x", "path": "a.md"}, "Give either"),
        ({"to": "../a.pdf", "text": "x"}, "leaves the workspace"),
        ({"to": "output/a.pdf", "path": "none.md"}, "none.md"),
        ({"to": "output/a.pdf", "text": ""}, "nothing to set"),
    ],
)
async def test_what_cannot_be_done_is_one_sentence_and_writes_nothing(
    room: Room, arguments: dict[str, str], words: str
) -> None:
    with pytest.raises(ToolError, match=words):
        await room.call(make_pdf, **arguments)
    assert list((room.work / "output").iterdir()) == []
