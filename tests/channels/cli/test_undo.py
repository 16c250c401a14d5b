"""`agent undo` and `agent redo` as they are typed, and what other commands show of them."""

import json
import time
from pathlib import Path

import pytest

from daemon.domain.effect import Effect
from daemon.domain.run import RunStatus
from daemon.domain.step import StepKind, StepStatus
from daemon.engine import workspace
from daemon.engine.snapshots import Snapshots
from daemon.store import database, runs, steps
from tests.channels.cli.conftest import Terminal


@pytest.fixture
def folder(terminal: Terminal) -> Path:
    """Give the workspace of a paused task 1 with two steps that wrote a file, and one that sent something."""
    terminal.add("Write a file")
    service = terminal.host.service
    task = service.reads.task(1)
    run = service.reads.run(task.run_id)
    made = workspace.make(service.home, task, run)
    snapshots = Snapshots(made)
    for name, effect, text in (
        ("write_file", Effect.WRITE, "one"),
        ("write_file", Effect.WRITE, "two"),
        ("send\x1b[2J_mail", Effect.SEND, None),
    ):
        kept = snapshots.take() if text else None
        with database.transaction():
            seq = steps.begin(run, StepKind.TOOL, name, steps.inline({}), now=time.time(), effect=effect, snapshot=kept)
            steps.end(run, seq, StepStatus.DONE, steps.inline({"text": "ok"}), now=time.time())
        if text:
            (made / "output" / "a.txt").write_text(text)
    with database.transaction():
        runs.move(run.id, RunStatus.PAUSED, time.time())
    return made / "output"


def test_undo_brings_back_step_by_step_and_redo_takes_it_back(terminal: Terminal, folder: Path) -> None:
    said = terminal.type("undo", "1")
    assert said.out == (
        "Task 1: the files are as they were before step 2 (write_file)\n"
        "Not undone, since it left the house: step 3 (send\\x1b[2J_mail)\n"
    )
    assert (folder / "a.txt").read_text() == "one"
    assert terminal.type("undo", "1").code == 0
    assert not (folder / "a.txt").exists()
    assert terminal.type("redo", "1").code == 0
    assert (folder / "a.txt").read_text() == "one"
    assert terminal.type("redo", "1").out == "Task 1: the files are as they were before the undo of step 2\n"
    assert (folder / "a.txt").read_text() == "two"
    assert terminal.type("redo", "1").code == 69


def test_at_a_terminal_the_way_back_is_named(terminal: Terminal, folder: Path) -> None:
    terminal.sit_at(100)
    said = terminal.type("undo", "1")
    assert "agent redo 1 takes this back" in said.out + said.err


def test_a_step_can_be_named(terminal: Terminal, folder: Path) -> None:
    assert terminal.type("undo", "1", "1").code == 0
    assert not (folder / "a.txt").exists()


@pytest.mark.parametrize(("step", "code"), [("9", 66), ("0", 2), ("x", 2), ("3", 69)])
def test_a_step_that_there_is_not_or_that_changes_nothing_is_said(
    terminal: Terminal, folder: Path, step: str, code: int
) -> None:
    assert terminal.type("undo", "1", step).code == code
    assert (folder / "a.txt").read_text() == "two"


def test_nothing_to_undo_is_said_with_what_to_do(terminal: Terminal) -> None:
    terminal.add()
    said = terminal.type("undo", "1")
    assert (said.code, said.out) == (69, "")
    assert "nothing to undo" in said.err
    assert terminal.type("undo", "7").code == 66


def test_a_running_task_is_paused_first(terminal: Terminal) -> None:
    terminal.add()
    with database.transaction():
        terminal.claimed(1)
    home = terminal.host.service.home
    (home.workers / "terminal-gone.lock").touch()
    with (home.workers / "terminal-gone.lock").open("w") as lock:
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX)
        said = terminal.type("undo", "1")
    assert said.code == 69
    assert "running" in said.err
    assert "agent pause 1" in said.err


def test_programs_get_all_of_it(terminal: Terminal, folder: Path) -> None:
    said = json.loads(terminal.type("undo", "1", "--json").out)
    assert set(said) == {"task", "step", "before", "outside", "folders", "missing"}
    assert (said["task"], said["before"], said["step"]["kind"], said["step"]["name"]) == (1, 2, "note", "undo")
    assert [one["seq"] for one in said["outside"]] == [3]
    assert json.loads(terminal.type("redo", "1", "--json").out)["step"]["name"] == "redo"


def test_the_steps_the_history_and_the_log_tell_of_it(terminal: Terminal, folder: Path) -> None:
    terminal.type("undo", "1")
    terminal.type("redo", "1")
    stream = terminal.type("stream", "1").out
    assert "Action: undo\n  Result: Undone: the workspace is as it was before step 2 (write_file)." in stream
    assert "Action: redo\n  Result: Redone" in stream
    logs = terminal.type("logs", "1").out
    assert "Not undone: step 3 (send\\x1b[2J_mail), which left the house." in logs
    why = terminal.type("why", "1").out
    assert "undid step 2 in the terminal" in why
    assert "undid the undo in step 4 in the terminal" in why
    assert "\x1b" not in stream + logs + why
