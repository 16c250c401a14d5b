"""The report of disks and folders: sizes as the disk has them, nothing followed, nothing changed."""

import os
import re
import shutil
from pathlib import Path

from skills.report.quantity import size
from tests.skills.bundled import trees
from tests.skills.bundled.script import Desk, text

SKILL = "disk-report"


def report(desk: Desk, folder: Path) -> str:
    ended = desk.run(SKILL, "--folder", str(folder))
    assert (ended.status, ended.errors) == (0, "")
    return text(desk.pdf())


def blocks(*files: Path) -> int:
    return sum(file.stat().st_blocks * 512 for file in files)


def test_file_systems_are_reported_without_a_folder(desk: Desk) -> None:
    ended = desk.run(SKILL)
    assert (ended.status, ended.errors) == (0, "")
    total = size(shutil.disk_usage("/").total)
    assert f"free of {total}" in ended.summary
    said = text(desk.pdf())
    assert total in said
    assert "Where the space goes" not in said
    assert list(desk.results()) == ["disk report.pdf"]


def test_subfolders_kinds_and_files_have_their_sizes(desk: Desk, tmp_path: Path) -> None:
    root = trees.plain(tmp_path / "data")
    said = report(desk, root)
    total = blocks(*(path for path in root.rglob("*") if path.is_file()))
    photos = blocks(*(root / "photos").rglob("*.jpg"))
    assert f"{size(total)} taken by the folder" in said
    assert f"photos {size(photos)} ·" in said
    assert f"Pictures {size(photos)} ·" in said
    assert f"old/backup.tar.gz {size(20_000_000)} {size(20_000_000)}" in said
    assert list(desk.results()) == ["data disk report.pdf"]


def test_old_and_big_files_are_candidates_and_stay(desk: Desk, tmp_path: Path) -> None:
    root = trees.plain(tmp_path / "data")
    before = {path: path.lstat().st_mtime_ns for path in root.rglob("*")}
    candidates = report(desk, root).partition("Old and big")[2].partition("By ending")[0]
    assert "old/backup.tar.gz" in candidates
    assert "2 years" in candidates
    assert "a.jpg" not in candidates
    assert "Nothing was deleted" in candidates
    assert {path: path.lstat().st_mtime_ns for path in root.rglob("*")} == before


def test_names_show_what_they_hide(desk: Desk, tmp_path: Path) -> None:
    root = tmp_path / "data"
    for index, name in enumerate(trees.ODD_NAMES):
        trees.put(Path(os.fsdecode(os.fsencode(root) + b"/" + name)), b"x" * 5000 * (index + 1))
    said = report(desk, root)
    for shown in trees.ODD_NAMES.values():
        assert shown in said
    assert "\x1b" not in said
    assert "\u202e" not in said


def test_a_hostile_tree_is_counted_once_and_without_leaving_it(desk: Desk, tmp_path: Path) -> None:
    root = trees.hostile(tmp_path / "data")
    said = report(desk, root)
    parts = [root / name for name in ("photos", "texts", "old", "odd", ".cache", "README.md", "gaps.img")]
    below = [path for part in parts for path in (part, *part.rglob("*"))]
    inodes = {path.stat().st_ino: path for path in below if path.is_file() and not path.is_symlink()}
    assert f"{size(blocks(*inodes.values()))} taken by the folder" in said
    assert "3 symbolic links found." in said
    assert "1 further name of files that have several; each counts once." in said
    assert "1 socket, pipe or device left out." in said
    assert "1 entry could not be read" in said
    assert "1 file has gaps: all files together appear to be 5.03 GB" in said
    assert re.search(r"gaps\.img 0 bytes 5\.00 GB", said) or "gaps.img" not in said
    assert "passwd.txt" not in said


def test_another_file_system_below_is_not_entered(desk: Desk) -> None:
    said = report(desk, Path("/dev"))
    assert "Other file systems below the folder are not counted: “" in said


def test_an_empty_folder_is_no_error(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "There are no files in this folder." in report(desk, tmp_path / "empty")


def test_a_folder_that_is_not_there_is_refused_in_two_sentences(desk: Desk, tmp_path: Path) -> None:
    for folder in (tmp_path / "none", trees.put(tmp_path / "file", b"x")):
        ended = desk.run(SKILL, "--folder", str(folder))
        assert ended.status == 1
        assert len(ended.errors.splitlines()) == 2
        assert desk.results() == {}


def test_the_same_folder_gives_the_same_report(desk: Desk, tmp_path: Path) -> None:
    root = trees.hostile(tmp_path / "data")

    def rest() -> str:
        # What is free changes while others write to the disk.
        return re.sub(r"[\d.]+ ([kMGT]?B|bytes|%)", "", report(desk, root).partition("Where the space goes")[0])

    first, second = rest(), rest()
    assert first == second
    counted = report(desk, root).partition("Where the space goes")[2]
    assert counted == report(desk, root).partition("Where the space goes")[2]
