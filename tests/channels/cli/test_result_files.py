"""Copies of results in a folder of the owner's: only when asked, never over anything, only what was recorded."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from channels.cli.result_files import copy_results, folder_for_results
from channels.cli.screen import Screen
from channels.cli.session import Session
from daemon.domain.run import Run
from daemon.store.home import Home
from tests.channels.cli.conftest import Terminal
from tests.fakes import stories


def test_nothing_is_copied_unless_asked(terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    terminal.type("do this", story="well")
    assert list((tmp_path / "here").iterdir()) == []


def test_the_copies_lie_in_the_folder_and_their_paths_are_the_answer(terminal: Terminal, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "results"
    said = terminal.type("do this", "-o", str(folder), story="well")
    assert said.code == 0
    assert said.out.splitlines()[2:] == [f"{folder}/report.pdf", f"{folder}/rows.csv"]
    assert (folder / "report.pdf").read_bytes() == b"result\n"


def test_a_file_that_is_there_is_kept_and_the_copy_numbered_and_told(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_text("mine")
    (tmp_path / "rows.csv").symlink_to(tmp_path / "elsewhere.csv")
    for number in (2, 3):
        said = terminal.type("do this", "--output", str(tmp_path), story="well")
        assert f"{tmp_path}/report ({number}).pdf\n{tmp_path}/rows ({number}).csv\n" in said.out
        assert f"report.pdf was there already; this one is report ({number}).pdf\n" in said.err
    assert (tmp_path / "report.pdf").read_text() == "mine"
    assert not (tmp_path / "elsewhere.csv").exists()


@pytest.mark.parametrize("name", [".bash_profile", "-rf", "..", "x/../.profile", "evil\x1b[2J\n.pdf"])
def test_no_name_makes_a_hidden_file_or_an_option_or_leaves_the_folder(
    terminal: Terminal, tmp_path: Path, name: str
) -> None:
    run = terminal.claimed(terminal.add())
    stories.finish(terminal.host.service.home, run, "done", ("plain",))
    run = terminal.host.service.reads.run(run.id)
    folder = tmp_path / "in" / "here"
    hostile = replace(run, files=tuple(replace(blob, name=name) for blob in run.files))
    [copy] = copy_results(Session(terminal.host, Screen(None, None)), hostile, folder_for_results(str(folder)))
    assert copy.parent == folder
    assert copy.name[0] not in ".-"
    assert copy.name.isprintable()
    assert [path.name for path in folder.iterdir()] == [copy.name]


def _swapped(home: Home, run: Run, make: str) -> None:
    stories.finish(home, run, "done", ("report.pdf",))
    result = home.run_folder(run.task_id, run.number) / "output" / "report.pdf"
    result.unlink()
    if make == "link":
        (home.path / "secret").write_text("secret")
        result.symlink_to(home.path / "secret")
    else:
        result.write_text("something else")


@pytest.mark.parametrize("make", ["link", "other"])
def test_what_was_put_in_the_place_of_a_result_is_not_copied(terminal: Terminal, tmp_path: Path, make: str) -> None:
    terminal.host.worker.story = lambda home, run: _swapped(home, run, make)
    said = terminal.type("do this", "-o", str(tmp_path / "out"))
    assert said.code in (65, 74)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_folder_that_cannot_be_used_is_told_before_anything_is_done(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for name in (tmp_path / "file", tmp_path / "file" / "below", "a\x00b"):
        said = terminal.type("do this", "-o", os.fspath(name), story="well")
        assert (said.code, said.out) == (65, "")
    assert terminal.type("list").out == "Tasks:\n"
    assert terminal.type("do this", "--hold", "-o", str(tmp_path)).code == 2
    assert terminal.type("list").out == "Tasks:\n"


def test_a_task_that_was_held_gives_its_files_when_it_is_run(terminal: Terminal, tmp_path: Path) -> None:
    terminal.type("do this", "--hold")
    said = terminal.type("run", "--task", "1", "-o", str(tmp_path / "out"), "--json", story="well")
    assert json.loads(said.out)["copies"] == [f"{tmp_path}/out/report.pdf", f"{tmp_path}/out/rows.csv"]


def test_a_run_that_does_not_end_well_leaves_nothing(terminal: Terminal, tmp_path: Path) -> None:
    said = terminal.type("do this", "-o", str(tmp_path / "out"), "--json", story="error")
    assert json.loads(said.out)["copies"] == []
    assert list((tmp_path / "out").iterdir()) == []
