"""Reading: lines with numbers, clipped in the middle; what is no text is described."""

import io
import struct
from pathlib import Path

import pytest
from PIL import Image

from agents.tools.read_file import read_file
from agents.tools.signature import dimensions
from daemon.domain.errors import ToolError
from tests.agents.tools.conftest import Room


async def test_lines_come_with_their_numbers(room: Room) -> None:
    (room.work / "a.txt").write_text("one\ntwo\r\nthree")
    said = (await room.call(read_file, path="a.txt")).text
    assert said == "a.txt: 3 lines, 14 bytes, UTF-8\n1\tone\n2\ttwo\n3\tthree"


async def test_a_range_of_lines_is_read(room: Room) -> None:
    (room.work / "a.txt").write_text("".join(f"line {n}\n" for n in range(1, 101)))
    said = (await room.call(read_file, path="a.txt", first_line=41, last_line=43)).text
    assert said.splitlines()[1:] == ["41\tline 41", "42\tline 42", "43\tline 43"]
    beyond = await room.call(read_file, path="a.txt", first_line=101)
    assert beyond.failed
    assert beyond.text == "a.txt has only 100 lines."
    with pytest.raises(ToolError, match="count from 1"):
        await room.call(read_file, path="a.txt", first_line=0)


async def test_a_long_file_is_clipped_in_the_middle_and_says_how_to_read_on(room: Room) -> None:
    (room.work / "a.txt").write_text("".join(f"line {n}\n" for n in range(1, 50_001)))
    said = (await room.call(read_file, path="a.txt")).text
    lines = said.splitlines()
    assert len(said) < 16_500
    assert lines[1] == "1\tline 1"
    assert lines[-1] == "50000\tline 50000"
    (gap,) = [number for number, line in enumerate(lines) if line.startswith("…")]
    first = int(lines[gap - 1].split("\t")[0]) + 1
    last = int(lines[gap + 1].split("\t")[0]) - 1
    assert lines[gap] == f"… lines {first} to {last} are left out; read_file with first_line={first} shows them."
    after = (await room.call(read_file, path="a.txt", first_line=first)).text
    assert after.splitlines()[1] == f"{first}\tline {first}"


async def test_a_huge_line_is_clipped(room: Room) -> None:
    (room.work / "a.json").write_text("x" * 3_000_000 + "\nend\n")
    said = (await room.call(read_file, path="a.json")).text
    assert "… (2,999,001 more characters)\n2\tend" in said
    assert len(said) < 2000


@pytest.mark.parametrize(
    ("codec", "text", "spoken"),
    [
        ("utf-8", "Grüße 你好", "UTF-8"),
        ("utf-8-sig", "Grüße", "UTF-8 with a byte order mark"),
        ("utf-16", "Grüße 你好", "UTF-16"),
        ("utf-16-le", "A long enough western text", "UTF-16, guessed"),
        ("utf-16-be", "A long enough western text", "UTF-16, guessed"),
        ("cp1252", "Grüße – „so“ €", "Windows-1252, guessed"),
        ("utf-32", "Grüße", "UTF-32"),
    ],
)
async def test_the_encoding_is_found_and_said(room: Room, codec: str, text: str, spoken: str) -> None:
    (room.work / "a.txt").write_bytes(text.encode(codec))
    said = (await room.call(read_file, path="a.txt")).text
    assert said == f"a.txt: 1 lines, {len(text.encode(codec)):,} bytes, {spoken}\n1\t{text}"


async def test_a_character_that_the_sample_cuts_does_not_change_the_encoding(room: Room) -> None:
    (room.work / "a.txt").write_bytes(b"x" * 65_535 + "é\n".encode() * 10)
    assert "UTF-8\n" in (await room.call(read_file, path="a.txt")).text


@pytest.mark.parametrize(("form", "kind"), [("PNG", "PNG"), ("JPEG", "JPEG"), ("GIF", "GIF"), ("WEBP", "WebP")])
async def test_a_picture_is_described_with_its_size(room: Room, form: str, kind: str) -> None:
    Image.new("RGB", (321, 123), "red").save(room.work / "p", form)
    said = (await room.call(read_file, path="p")).text
    size = (room.work / "p").stat().st_size
    assert said == f"p: {kind} picture, 321 × 123 pixels, {size:,} bytes. It is no text."


@pytest.mark.parametrize("options", [{"lossless": True}, {"quality": 10}, {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0"}])
def test_every_form_of_webp_says_its_size(options: dict[str, object]) -> None:
    made = io.BytesIO()
    Image.new("RGB", (321, 123), "red").save(made, "WEBP", **options)
    assert dimensions(made.getvalue()) == (321, 123)


def test_headers_that_lie_or_end_early_give_no_size() -> None:
    whole = io.BytesIO()
    Image.new("RGB", (321, 123)).save(whole, "JPEG", exif=b"Exif\0\0" + b"x" * 5000)
    assert dimensions(whole.getvalue()) == (321, 123)
    for length in range(200):
        dimensions(whole.getvalue()[:length])
    assert dimensions(b"\xff\xd8" + b"\xff" * 100_000) is None
    assert dimensions(b"\xff\xd8\xff\xe0" + struct.pack(">H", 0) * 100) is None
    assert dimensions(b"\x89PNG\r\n\x1a\n") is None


async def test_other_files_are_named_by_their_first_bytes(room: Room) -> None:
    (room.work / "a.db").write_bytes(b"SQLite format 3\0" + bytes(100))
    (room.work / "b").write_bytes(bytes(range(256)) * 4)
    assert "SQLite database, 116 bytes" in (await room.call(read_file, path="a.db")).text
    assert "binary data, 1,024 bytes" in (await room.call(read_file, path="b")).text


def _pdf(path: Path, pages: list[str]) -> None:
    import typst

    path.with_suffix(".typ").write_text("#pagebreak()\n".join(pages))
    typst.compile(str(path.with_suffix(".typ")), output=str(path))


async def test_a_pdf_is_read_as_text_page_by_page(room: Room) -> None:
    _pdf(room.work / "input" / "a.pdf", ["Moin from page one\n", "And page two"])
    outcome = await room.call(read_file, path="input/a.pdf")
    assert "text of a PDF" in outcome.text
    lines = [line.partition("\t")[2].strip() for line in outcome.text.splitlines()[1:]]
    assert [line for line in lines if line] == ["[page 1]", "Moin from page one", "[page 2]", "And page two"]
    assert outcome.labels


async def test_what_only_says_that_it_is_a_pdf_is_an_error_in_one_line(room: Room) -> None:
    (room.work / "a.pdf").write_bytes(b"%PDF-1.7\n" + b"nonsense" * 100)
    with pytest.raises(ToolError, match="whose text cannot be taken out") as caught:
        await room.call(read_file, path="a.pdf")
    assert "\n" not in str(caught.value)
