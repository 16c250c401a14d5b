"""The folder of a run: made whole or not at all; nothing but regular files comes out of it."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon.domain.errors import BadInput
from daemon.engine import workspace
from daemon.store import runs
from tests.daemon.engine.workbench import Workbench

Make = Callable[..., Workbench]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "w" / "output" / "sub").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path / "w"


def _link(folder: Path) -> None:
    (folder / "output" / "x").symlink_to("../../secret.txt")


def _link_above(folder: Path) -> None:
    (folder / "output" / "sub").rmdir()
    (folder / "output" / "sub").symlink_to("../..")


def _no_output(folder: Path) -> None:
    (folder / "output" / "sub").rmdir()
    (folder / "output").rmdir()
    (folder / "output").symlink_to("..")


def _fifo(folder: Path) -> None:
    os.mkfifo(folder / "output" / "x")


def _socket(folder: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(folder / "output" / "x"))


ATTACKS = [
    (_link, "x"),
    (_link_above, "sub/secret.txt"),
    (_no_output, "secret.txt"),
    (_fifo, "x"),
    (_socket, "x"),
    (lambda _: None, "../../secret.txt"),
    (lambda _: None, "/etc/passwd"),
    (lambda _: None, "sub"),
    (lambda _: None, "missing"),
    (lambda _: None, ""),
    (lambda _: None, "a\0b"),
    (lambda _: None, "x" * 5000),
]


@pytest.mark.parametrize(("prepare", "name"), ATTACKS)
async def test_a_promised_file_that_is_no_plain_file_of_output_is_refused(
    bench: Make, folder: Path, prepare: Callable[[Path], None], name: str
) -> None:
    b = bench()
    prepare(folder)
    with pytest.raises(BadInput):
        workspace.collect(b.home, folder, (name,))


async def test_a_plain_file_is_kept_also_from_a_folder_below(bench: Make, folder: Path) -> None:
    b = bench()
    (folder / "output" / "sub" / "r.txt").write_text("result")
    (blob,) = workspace.collect(b.home, folder, ("sub/r.txt",))
    assert (blob.name, blob.size, blob.media_type) == ("sub/r.txt", 6, "text/plain")


def test_only_plain_files_with_names_that_show_what_they_are_count_as_outputs(folder: Path) -> None:
    for prepare in (_link, _link_above):
        prepare(folder)
    (folder / "output" / "ok.txt").write_text("1")
    (folder / "output" / "evil\u202etxt.exe").write_text("1")
    (folder / "output" / "esc\x1b[2J").write_text("1")
    assert workspace.outputs(folder) == ["ok.txt"]


def test_a_link_in_the_place_of_output_shows_no_name_of_what_lies_behind_it(folder: Path) -> None:
    _no_output(folder)
    assert (folder / "output" / "secret.txt").exists()
    assert workspace.outputs(folder) == []


async def test_a_workspace_that_was_half_made_is_made_anew(bench: Make) -> None:
    b = bench()
    task = b.submit()
    run = runs.get(task.run_id)
    half = b.home.run_folder(task.id, 1).with_name("run-1.partial")
    (half / "input").mkdir(parents=True)
    (half / "leftover").write_text("x")
    made = workspace.make(b.home, task, run)
    assert sorted(path.name for path in made.iterdir()) == ["README.md", "input", "output", "research", "src"]
    assert not half.exists()


def test_every_change_of_the_workspace_changes_its_manifest(folder: Path) -> None:
    seen = {workspace.manifest(folder)}
    file = folder / "a"
    for change in (
        lambda: file.write_text("1"),
        lambda: file.write_text("22"),
        lambda: file.chmod(0o755),
        lambda: file.rename(folder / "b"),
        lambda: (folder / "c").symlink_to("b"),
        (folder / "d").mkdir,
    ):
        change()
        found = workspace.manifest(folder)
        assert found not in seen
        seen.add(found)
