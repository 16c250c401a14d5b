"""A walk leaves nothing out, counts nothing twice, and never leaves its folder."""

import os
from pathlib import Path

import pytest

from skills.report.filekinds import NO_ENDING, ending_of, kind_of
from skills.report.largest import Largest
from skills.report.script import Unusable, safe_name
from skills.report.walk import File, Folder, Walk


def walked(root: Path) -> tuple[list[File], list[Folder], Walk]:
    walk = Walk(str(root))
    found = list(walk)
    return (
        [item for item in found if isinstance(item, File)],
        [item for item in found if isinstance(item, Folder)],
        walk,
    )


def test_totals_of_folders_are_those_of_all_below(tmp_path: Path) -> None:
    for name, size in (("a/b/one", 10), ("a/two", 20), ("three", 30)):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * size)
    files, folders, _ = walked(tmp_path)
    assert [file.path for file in files] == [b"a/b/one", b"a/two", b"three"]
    assert [(folder.path, folder.depth, folder.files, folder.folders, folder.size) for folder in folders] == [
        (b"a/b", 2, 1, 0, 10),
        (b"a", 1, 2, 1, 30),
        (b"", 0, 3, 2, 60),
    ]


def test_links_are_counted_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "up").symlink_to("..")
    (tmp_path / "self").symlink_to("self")
    (tmp_path / "etc").symlink_to("/etc")
    files, folders, walk = walked(tmp_path)
    assert files == []
    assert len(folders) == 2
    assert walk.remarks.links == 3


def test_hard_links_count_once(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 100)
    os.link(tmp_path / "a", tmp_path / "b")
    files, folders, walk = walked(tmp_path)
    assert [(file.path, file.first) for file in files] == [(b"a", True), (b"b", False)]
    assert (folders[-1].size, folders[-1].files, walk.remarks.repeated) == (100, 2, 1)


def test_a_folder_with_twenty_thousand_files_is_walked_in_order(tmp_path: Path) -> None:
    for index in range(20_000):
        (tmp_path / f"{index:05d}").touch()
    files, _, _ = walked(tmp_path)
    assert [file.path for file in files] == [b"%05d" % index for index in range(20_000)]


def test_deep_trees_do_not_exhaust_the_stack(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path)
    depth = 0
    while len(path) < 4000:
        path += b"/d"
        Path(os.fsdecode(path)).mkdir()
        depth += 1
    _, folders, walk = walked(tmp_path)
    assert len(folders) == depth + 1
    assert walk.remarks.unreadable == 0


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for value in (str(tmp_path / "file"), str(tmp_path / "none"), ""):
        with pytest.raises(Unusable):
            Walk(value)


def test_the_largest_are_kept_and_the_earlier_of_equals() -> None:
    kept: Largest[str] = Largest(3)
    for key, item in ((1, "a"), (5, "b"), (3, "c"), (5, "d"), (3, "e")):
        kept.add(key, item)
    assert kept.items() == ["b", "d", "c"]
    assert kept.passed == 2


@pytest.mark.parametrize(
    ("name", "ending", "kind"),
    [
        (b"a.JPG", "jpg", "Pictures"),
        (b"a.tar.gz", "gz", "Archives"),
        (b".bashrc", NO_ENDING, "Other"),
        (b"lib.so.1", NO_ENDING, "Other"),
        (b"x.\xff\xfe", NO_ENDING, "Other"),
        (b"noend.", NO_ENDING, "Other"),
        (b"x.averyveryverylongending", NO_ENDING, "Other"),
    ],
)
def test_kinds_by_the_ending_of_a_name(name: bytes, ending: str, kind: str) -> None:
    assert (ending_of(name), kind_of(ending_of(name))) == (ending, kind)


@pytest.mark.parametrize("text", ["../../x", "a/b", "\n", "", ".", "..", "~", "x" * 300, "\u202e", "a\x00b", "CON:*?"])
def test_a_safe_name_is_one_part_of_a_path(text: str) -> None:
    name = safe_name(text)
    assert name
    assert not name.startswith((".", "-"))
    assert "/" not in name
    assert "\0" not in name
    assert len(name.encode()) <= 120
