import os
import socket
from pathlib import Path

import pytest

from daemon.domain.errors import BadInput
from skills import contents
from skills.reader import folder_digest
from tests.skills.folders import load, put, refuse

TEXT = "---\nname: x\ndescription: d\nmetadata:\n  entry: run.py\n---\nUse it.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return put(tmp_path / "x", TEXT, run_py="print(1)", lib__a_py="a = 1")


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.md"
    path.write_text("---\nname: x\ndescription: the secret\n---\n")
    return path


def test_a_link_that_leaves_the_folder_is_not_followed(folder: Path, secret: Path) -> None:
    before = load(folder)
    (folder / "notes.md").symlink_to(secret)
    skill = load(folder)
    assert skill.warnings == ('the link "notes.md" leads to no file of the folder and is not followed',)
    secret.write_text("changed")
    assert load(folder).digest == skill.digest != before.digest


@pytest.mark.parametrize("target", ["../secret.md", "{absolute}", "SKILL.md", "loop", "../x/real.md", "missing"])
def test_skill_md_as_a_link_out_of_the_folder_is_refused(target: str, folder: Path, secret: Path) -> None:
    (folder / "SKILL.md").unlink()
    (folder / "loop").symlink_to("loop")
    (folder / "SKILL.md").symlink_to(target.format(absolute=secret))
    assert "no file of this folder" in refuse(folder).reason


def test_links_within_the_folder_are_read_by_name(folder: Path) -> None:
    (folder / "SKILL.md").rename(folder / "lib" / "real.md")
    (folder / "SKILL.md").symlink_to("lib/real.md")
    (folder / "run.py").rename(folder / "lib" / "run.py")
    (folder / "run.py").symlink_to("./lib/../lib/run.py")
    skill = load(folder)
    assert (skill.warnings, skill.entry) == ((), "run.py")
    (folder / "run.py").unlink()
    (folder / "run.py").symlink_to("lib/a.py")
    assert load(folder).digest != skill.digest


def test_a_linked_folder_within_is_not_entered(folder: Path, secret: Path) -> None:
    (folder / "up").symlink_to("..")
    assert any('link "up"' in warning for warning in load(folder).warnings)
    (folder / "SKILL.md").write_text(TEXT.replace("run.py", "up/x/run.py"))
    assert load(folder).entry is None


def test_an_entry_that_is_a_link_out_of_the_folder_makes_a_skill_of_words(folder: Path) -> None:
    (folder / "run.py").unlink()
    (folder / "run.py").symlink_to("/usr/lib/python3/dist-packages/x.py")
    assert load(folder).entry is None


def test_a_linked_skill_folder_is_refused(folder: Path) -> None:
    (folder.parent / "y").symlink_to(folder)
    assert "cannot be read" in refuse(folder.parent / "y").reason


def test_a_fifo_as_skill_md_does_not_keep_us_waiting(folder: Path) -> None:
    (folder / "SKILL.md").unlink()
    os.mkfifo(folder / "SKILL.md")
    assert "no file of this folder" in refuse(folder).reason


def test_a_fifo_that_takes_the_place_of_a_file_is_not_read(folder: Path) -> None:
    (folder / "SKILL.md").unlink()
    os.mkfifo(folder / "SKILL.md")
    with pytest.raises(BadInput, match="no regular file"):
        contents.read_file(folder, "SKILL.md", 100)


def test_a_link_that_takes_the_place_of_a_file_or_folder_is_not_read(folder: Path, secret: Path) -> None:
    (folder / "link.md").symlink_to(secret)
    (folder / "up").symlink_to("..")
    for path in ("link.md", "up/secret.md"):
        with pytest.raises(OSError, match=r"symbolic links|Not a directory"):
            contents.read_file(folder, path, 100)


def test_special_files_are_never_opened_and_make_no_entry(folder: Path) -> None:
    (folder / "run.py").unlink()
    os.mkfifo(folder / "run.py")
    with socket.socket(socket.AF_UNIX) as listener:
        place = Path.cwd()
        os.chdir(folder)  # the names of sockets are short
        try:
            listener.bind("socket")
        finally:
            os.chdir(place)
        skill = load(folder)
    assert skill.entry is None
    assert sum("device, FIFO or socket" in warning for warning in skill.warnings) == 2


def test_a_skill_md_over_its_bound_is_refused(folder: Path) -> None:
    (folder / "SKILL.md").write_text(TEXT.ljust(1024 * 1024))
    load(folder)
    (folder / "SKILL.md").write_text(TEXT.ljust(1024 * 1024 + 1))
    assert "more than 1024 KiB" in refuse(folder).reason


def test_a_huge_file_is_refused_unread(folder: Path) -> None:
    with (folder / "huge").open("wb") as file:
        file.truncate(1 << 40)  # a hole: takes no room, but would take an hour to read
    assert "more than 64 MiB" in refuse(folder).reason


def test_too_many_files_are_refused(folder: Path) -> None:
    for number in range(contents.MAX_ENTRIES):
        (folder / f"f{number}").touch()
    assert "more than 2000 files" in refuse(folder).reason


def test_folders_that_are_too_deep_are_refused(folder: Path) -> None:
    (folder / "/".join("d" * 13)).mkdir(parents=True)
    assert "more than 12 deep" in refuse(folder).reason


def test_an_alias_bomb_stays_small(tmp_path: Path) -> None:
    levels = "".join(f"k{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 12))
    skill = load(put(tmp_path / "x", f"---\nname: x\ndescription: d\nk0: &a0 [lol]\n{levels}---\n"))
    assert skill.description == "d"
    assert any("aliases" in warning for warning in skill.warnings)


@pytest.mark.parametrize(
    ("bomb", "warning"),
    [
        ("metadata: " + "[" * 5000 + "\n", "nested more than 8 deep"),
        ("metadata: " + "{a: " * 5000 + "\n", "nested more than 8 deep"),
        ("metadata: " + "[" * 9 + "]" * 9 + "\n", "nested more than 8 deep"),
        ("metadata:\n" + "".join(" " * level + "a:\n" for level in range(300)), "nested more than 8 deep"),
        ("".join(f"k{number}: v\n" for number in range(6000)), "more than 5000 parts"),
        ("metadata: &a\n  b: *a\n", "aliases"),
        ("<<: *missing\n", "aliases"),
        ("metadata: " + "- " * 5000 + "\n", "not YAML"),
        ("a" * 60_000 + "\n", "not YAML"),
        ("description: " + "'" * 60_001 + "\n", "not YAML"),
        ("? " * 5000 + "\n", "nested more than 8 deep"),
        ("metadata: " + " " * 60_000 + "x\n", "metadata is no map"),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_a_head_made_to_exhaust_the_parser_is_read_in_bounds(bomb: str, warning: str, tmp_path: Path) -> None:
    skill = load(put(tmp_path / "x", f"---\nname: x\n{bomb}---\nUse it.\n"))
    assert skill.name == "x"
    assert any(warning in text for text in skill.warnings), skill.warnings


def test_the_digest_covers_paths_modes_and_contents(folder: Path) -> None:
    digests = [folder_digest(folder)]
    (folder / "lib" / "a.py").write_text("a = 2")
    digests.append(folder_digest(folder))
    (folder / "run.py").chmod(0o755)
    digests.append(folder_digest(folder))
    (folder / "lib").rename(folder / "bil")
    digests.append(folder_digest(folder))
    (folder / ".hidden").touch()
    digests.append(folder_digest(folder))
    assert len(set(digests)) == 5


def test_the_digest_is_that_of_the_same_files_elsewhere(folder: Path, tmp_path: Path) -> None:
    other = put(tmp_path / "elsewhere", TEXT, lib__a_py="a = 1", run_py="print(1)")
    (other / "run.py").chmod(0o640)
    (other / "empty").mkdir()
    assert folder_digest(other) == folder_digest(folder) == load(folder).digest


def test_bytes_cannot_move_between_a_path_and_a_file_unseen(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder, name, text in ((one, "a", "b1 c f"), (two, "ab", "1 c f")):
        folder.mkdir()
        (folder / name).write_text(text)
    assert folder_digest(one) != folder_digest(two)
