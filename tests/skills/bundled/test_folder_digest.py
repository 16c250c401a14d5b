"""The digest of a folder: what is in it, in words and pages, with every name and text quoted as it is."""

import os
from pathlib import Path

import pytest

from tests.skills.bundled import trees
from tests.skills.bundled.script import Desk, text

SKILL = "folder-digest"


def digest(desk: Desk, folder: Path) -> tuple[str, str]:
    ended = desk.run(SKILL, "--folder", str(folder))
    assert (ended.status, ended.errors) == (0, "")
    (markdown,) = (desk.folder / "output").glob("*.md")
    return text(desk.pdf()), markdown.read_text("utf-8")


def test_totals_kinds_and_newest_change(desk: Desk, tmp_path: Path) -> None:
    said, markdown = digest(desk, trees.plain(tmp_path / "data"))
    assert "7 files" in said
    assert "5 folders in it" in said
    assert "The newest change was 1 day ago: “README.md”." in said
    assert "Archives 1 file · 20.0 MB" in said
    assert "| Pictures | 3 | 7\\.00 MB | 26 % |" in markdown
    assert sorted(desk.results()) == ["data digest.md", "data digest.pdf"]


def test_the_structure_is_shown_to_a_depth(desk: Desk, tmp_path: Path) -> None:
    root = trees.plain(tmp_path / "data")
    trees.put(root / "a" / "b" / "c" / "d" / "hidden below.txt", b"x")
    _, markdown = digest(desk, root)
    structure = markdown.partition("## Structure")[2].partition("## Newest")[0]
    assert "photos/  (3 files, 7.00 MB)" in structure
    assert "  2019/  (1 file, 1.00 MB)" in structure
    assert "    c/  (1 file, 1 byte)" in structure
    assert "hidden below" not in structure


def test_large_folders_are_cut_and_say_so(desk: Desk, tmp_path: Path) -> None:
    for index in range(40):
        trees.put(tmp_path / "data" / f"f{index}.txt", b"x" * (index + 1))
    _, markdown = digest(desk, tmp_path / "data")
    assert "… 32 more" in markdown


def test_equal_files_are_found_by_content_not_by_name_or_size(desk: Desk, tmp_path: Path) -> None:
    root = trees.plain(tmp_path / "data")
    for name, end in (("x", b"1"), ("y", b"2"), ("z", b"1")):
        trees.put(root / "late" / name, b"s" * 200_000 + end)
    os.link(root / "README.md", root / "texts" / "second name.md")
    _, markdown = digest(desk, root)
    twins = markdown.partition("same content\n")[2].partition("## ")[0]
    assert "2 files of 3\\.00 MB each\\: photos/a\\.jpg; photos/copy of a\\.jpg" in twins
    assert "late/x; late/z" in twins
    assert "late/y" not in twins
    assert "second name" not in twins


def test_introductions_and_first_lines_are_quoted(desk: Desk, tmp_path: Path) -> None:
    said, markdown = digest(desk, trees.plain(tmp_path / "data"))
    assert "# The archive What this *folder* is for." in said
    assert "The first line. The second line." in said
    assert "```text\n# The archive\n\nWhat this *folder* is for.\n```" in markdown
    assert "Kept by a program" not in said


ATTACKS = (
    b"``````\n# out of the fence\n```\n",
    b'#read("/etc/passwd") #import "x": * $x$ *b* ]]\n',
    b"<script>alert(1)</script> ![x](http://example.org/x.png)\n",
    b"\x1b]0;title\x07 \xe2\x80\xaeturned\n",
    b"\xff\xfe" + "wide text\n".encode("utf-16-le"),
    "Grüße aus Köln\n".encode("cp1252"),
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_text_cannot_leave_its_quotation(desk: Desk, tmp_path: Path, attack: bytes) -> None:
    trees.put(tmp_path / "data" / "README.md", attack)
    said, markdown = digest(desk, tmp_path / "data")
    assert "\x1b" not in markdown + said
    assert "\u202e" not in markdown + said
    inside = markdown.partition("### README\\.md\n\n")[2]
    fence = inside.partition("text\n")[0]
    body, end, _ = inside.partition(f"\n{fence}\n")
    assert set(fence) == {"`"}
    assert end
    assert fence not in body.removeprefix(fence)
    readable = attack.decode("cp1252" if b"K\xf6" in attack else "utf-16" if attack[:1] == b"\xff" else "utf-8")
    first = readable.splitlines()[0].replace("\x1b", "\\x1b").replace("\x07", "\\x07").replace("\u202e", "\\u202e")
    assert first in body
    assert first in said


def test_names_show_what_they_hide_and_are_no_markup(desk: Desk, tmp_path: Path) -> None:
    root = tmp_path / "data"
    for name in trees.ODD_NAMES:
        trees.put(Path(os.fsdecode(os.fsencode(root) + b"/" + name)), b"x" + name)
    said, markdown = digest(desk, root)
    for shown in trees.ODD_NAMES.values():
        assert shown in said
    newest = markdown.partition("## Newest changes")[2].partition("## Largest")[0]
    assert "\\<b\\>\\|\\`code\\`\\|\\.txt" in newest
    assert "\x1b" not in markdown
    rows = [line for line in newest.strip().splitlines() if line.startswith("|")]
    assert len(rows) == 2 + len(trees.ODD_NAMES)


def test_a_hostile_tree_is_walked_without_leaving_it(desk: Desk, tmp_path: Path) -> None:
    said, markdown = digest(desk, trees.hostile(tmp_path / "data"))
    assert "3 symbolic links found." in said
    assert "1 further name of files that have several; each counts once." in said
    assert "1 socket, pipe or device left out." in said
    assert "1 entry could not be read and is left out" in said
    assert "root:x" not in said + markdown


def test_the_same_folder_gives_the_same_bytes(desk: Desk, tmp_path: Path) -> None:
    root = trees.hostile(tmp_path / "data")
    digest(desk, root)
    first = desk.results()
    digest(desk, root)
    assert desk.results() == first


def test_what_is_no_folder_is_refused_in_two_sentences(desk: Desk, tmp_path: Path) -> None:
    for value in (str(tmp_path / "none"), str(trees.put(tmp_path / "file", b"x")), ""):
        ended = desk.run(SKILL, "--folder", value)
        assert ended.status == 1
        assert len(ended.errors.splitlines()) == 2
        assert desk.results() == {}
