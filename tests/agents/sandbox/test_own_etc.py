"""The /etc of sandboxes: little of the machine's, nothing that others may not read, and as new as the machine's."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from agents.sandbox import own_etc
from agents.sandbox.own_etc import OwnEtc
from daemon.domain.errors import SandboxUnavailable


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder that stands for the machine's /etc."""
    etc = tmp_path / "etc"
    for name, content in (
        ("mime.types", "text/plain txt\n"),
        ("fonts/conf.d/10.conf", "<a/>"),
        ("ssl/certs/a.pem", "A"),
    ):
        (etc / name).parent.mkdir(parents=True, exist_ok=True)
        (etc / name).write_text(content)
    (etc / "shadow").write_text("root:x:")
    (etc / "localtime").symlink_to("../zone")
    (tmp_path / "zone").write_text("TZif")
    (etc / "ssl/certs/b.pem").symlink_to("/usr/share/b.pem")
    monkeypatch.setattr(own_etc, "_MACHINE", etc)
    monkeypatch.setattr(own_etc, "_FONT_CACHE", tmp_path / "cache")
    return etc


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()}


OURS = {"passwd", "group", "hosts", "nsswitch.conf"}
THERE = {"mime.types", "localtime", "fonts/conf.d/10.conf", "ssl/certs/a.pem", "ssl/certs/b.pem"}


def test_it_has_what_programs_need_and_nothing_else(machine: Path, tmp_path: Path) -> None:
    folder = OwnEtc(tmp_path / "made").folder()
    assert names(folder) == OURS | THERE
    assert (folder / "localtime").read_text() == "TZif"
    assert not (folder / "localtime").is_symlink()
    assert (folder / "ssl/certs/b.pem").readlink() == Path("/usr/share/b.pem")
    assert "agent:x:1000" in (folder / "passwd").read_text()


def test_the_list_of_fonts_comes_with_it(machine: Path, tmp_path: Path) -> None:
    etc = OwnEtc(tmp_path / "made")
    etc.folder()
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "a.cache-7").write_text("fonts")
    assert names(etc.folder()) == OURS | THERE | {"fontconfig-cache/a.cache-7"}


def test_what_others_may_not_read_is_left_out_and_a_pipe_hangs_nobody(machine: Path, tmp_path: Path) -> None:
    (machine / "ssl/certs/a.pem").chmod(0o640)
    (machine / "mime.types").chmod(0o600)
    os.mkfifo(machine / "fonts/pipe")
    os.mkfifo(machine / "magic")
    folder = OwnEtc(tmp_path / "made").folder()
    assert names(folder) == OURS | THERE - {"ssl/certs/a.pem", "mime.types"}


def test_it_is_made_once_for_all_processes_and_anew_when_something_changed(machine: Path, tmp_path: Path) -> None:
    etc, other = OwnEtc(tmp_path / "made"), OwnEtc(tmp_path / "made")
    first = etc.folder()
    assert first == etc.folder() == other.folder()
    (machine / "new").write_text("B")
    (machine / "new").rename(machine / "ssl/certs/a.pem")
    second = etc.folder()
    assert second != first
    assert (second / "ssl/certs/a.pem").read_text() == "B"
    assert (first / "ssl/certs/a.pem").read_text() == "A", "a command that is under way keeps its own"
    (machine / "texmf").mkdir()
    (machine / "texmf/x.cnf").write_text("x")
    assert names(etc.folder()) == OURS | THERE | {"texmf/x.cnf"}
    assert other.folder() == etc.folder()


def test_a_copy_that_was_taken_away_is_made_again_and_old_ones_go(machine: Path, tmp_path: Path) -> None:
    etc = OwnEtc(tmp_path / "made")
    first = etc.folder()
    old = tmp_path / "made" / "etc-0123"
    old.mkdir()
    os.utime(old, (time.time() - 8 * 86_400,) * 2)
    first.rename(tmp_path / "elsewhere")
    assert names(etc.folder()) == OURS | THERE
    assert [path.name for path in (tmp_path / "made").iterdir()] == [first.name]


def test_what_lies_in_a_closed_folder_is_left_out(machine: Path, tmp_path: Path) -> None:
    (machine / "fonts/conf.d").chmod(0o700)
    assert names(OwnEtc(tmp_path / "made").folder()) == OURS | THERE - {"fonts/conf.d/10.conf"}


def test_a_new_target_of_a_link_makes_a_new_copy(machine: Path, tmp_path: Path) -> None:
    etc = OwnEtc(tmp_path / "made")
    etc.folder()
    (tmp_path / "zone").write_text("TZif of the summer")
    assert (etc.folder() / "localtime").read_text() == "TZif of the summer"
    assert (OwnEtc(tmp_path / "made").folder() / "localtime").read_text() == "TZif of the summer"


@pytest.mark.parametrize("kind", ["link", "file", "empty folder", "open folder"])
def test_what_others_put_in_its_place_is_not_taken(machine: Path, tmp_path: Path, kind: str) -> None:
    copy = OwnEtc(tmp_path / "made").folder()
    copy.rename(tmp_path / "elsewhere")
    if kind == "link":
        copy.symlink_to(tmp_path / "elsewhere")
    elif kind == "file":
        copy.write_text("")
    else:
        copy.mkdir()
        copy.chmod(0o777 if kind == "open folder" else 0o755)
    assert OwnEtc(tmp_path / "made").folder() == copy
    assert not copy.is_symlink()
    assert names(copy) == OURS | THERE


def test_a_place_to_which_others_may_write_is_refused(machine: Path, tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    (tmp_path / "made").chmod(0o777)
    (tmp_path / "own").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "own")
    for place in ("made", "link"):
        with pytest.raises(SandboxUnavailable, match="others may write there"):
            OwnEtc(tmp_path / place).folder()


def test_what_cannot_be_taken_away_keeps_nothing_from_working(machine: Path, tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "etc-x").symlink_to("/nonexistent")
    left = tmp_path / "made" / ".new-abc"
    left.mkdir()
    os.utime(left, (time.time() - 7_200,) * 2)
    assert names(OwnEtc(tmp_path / "made").folder()) == OURS | THERE
    assert not left.exists()


def test_it_is_made_while_the_machine_changes(machine: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def change() -> None:
        while not stop.is_set():
            (machine / "fonts/conf.d/20.conf").write_text("x")
            (machine / "fonts/conf.d/20.conf").unlink()

    changing = threading.Thread(target=change)
    changing.start()
    try:
        for number in range(50):
            assert names(OwnEtc(tmp_path / f"made{number}").folder()) >= OURS | THERE
    finally:
        stop.set()
        changing.join()


def test_many_at_once_make_one(machine: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: OwnEtc(tmp_path / "made").folder(), range(8)))
    assert len(found) == 1
    assert [path.name for path in (tmp_path / "made").iterdir()] == [found.pop().name]


def test_where_it_cannot_be_made_the_sandbox_says_so(machine: Path, tmp_path: Path) -> None:
    (tmp_path / "made").write_text("a file")
    with pytest.raises(SandboxUnavailable, match="The /etc of sandboxes cannot be made"):
        OwnEtc(tmp_path / "made").folder()


def test_without_a_place_it_has_one_of_its_own_that_goes_with_it(machine: Path) -> None:
    etc = OwnEtc()
    folder = etc.folder()
    assert folder.is_dir()
    del etc
    assert not folder.parent.exists()
