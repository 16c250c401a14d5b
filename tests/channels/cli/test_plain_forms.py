"""The forms that others already read, byte for byte, as they are in a pipe."""

import calendar
import os

from daemon.domain.run import RunStatus
from daemon.domain.step import StepKind
from daemon.engine.workers import WorkerLock
from daemon.store import database, runs
from tests.channels.cli.conftest import Terminal
from tests.fakes import stories

MORNING = float(calendar.timegm((2026, 1, 15, 3, 20, 25)))


def _three(terminal: Terminal) -> None:
    terminal.add("Create a backup script")
    second, third = terminal.add("Clean up logs"), terminal.add("Migrate database")
    run = terminal.claimed(second)
    stories.finish(terminal.host.service.home, run, "cleaned")
    terminal.type("pause", str(third))


def test_list(terminal: Terminal) -> None:
    _three(terminal)
    assert terminal.type("list").out == (
        "Tasks:\n"
        "  [ ] 1: Create a backup script (pending)\n"
        "  [X] 2: Clean up logs (done)\n"
        "  [P] 3: Migrate database (paused)\n"
    )


def test_list_of_nothing(terminal: Terminal) -> None:
    assert terminal.type("list") == (0, "Tasks:\n", "")


def test_list_marks_every_status(terminal: Terminal) -> None:
    for status in RunStatus:
        task_id = terminal.add(f"one {status.value}")
        run_id = terminal.host.service.reads.task(task_id).run_id
        if status is not RunStatus.PENDING:
            terminal.claimed(task_id)
        if status not in (RunStatus.PENDING, RunStatus.RUNNING):
            with database.transaction():
                runs.move(run_id, status, MORNING)
    marks = [line[2:5] for line in terminal.type("list").out.splitlines()[1:]]
    assert marks == ["[ ]", "[>]", "[?]", "[P]", "[X]", "[!]", "[-]"]


def test_status(terminal: Terminal) -> None:
    _three(terminal)
    assert terminal.type("status").out == (
        "Agent Status:\n  pending: 1\n  running: 0\n  waiting: 0\n  paused: 1\n  done: 1\n  error: 0\n"
    )


def test_status_names_cancelled_tasks_where_there_are_some(terminal: Terminal) -> None:
    terminal.type("cancel", str(terminal.add()))
    assert terminal.type("status").out.endswith("  error: 0\n  cancelled: 1\n")


def test_workers(terminal: Terminal) -> None:
    lock = WorkerLock(terminal.host.service.home.workers, "daemon", 1)
    try:
        assert terminal.type("workers").out == "Workers (1):\n  Worker 0: idle\n"
    finally:
        lock.close()
    assert terminal.type("workers").out == "Workers (0):\n"


def test_a_busy_worker_says_on_what(terminal: Terminal) -> None:
    terminal.add()
    lock = WorkerLock(terminal.host.service.home.workers, "daemon", 2)
    try:
        with database.transaction():
            runs.claim(1, lock.id, MORNING)
        assert terminal.type("workers").out == "Workers (2):\n  Worker 0: task 1 (running)\n  Worker 1: idle\n"
        assert terminal.type("workers", "--json").out.count(f'"pid": {os.getpid()}') == 2
    finally:
        lock.close()


def test_stream(terminal: Terminal) -> None:
    run = terminal.claimed(terminal.add("Create a backup script"))
    home = terminal.host.service.home
    stories.step(home, run, "smart", "Need to create a Python script...", kind=StepKind.MODEL, at=MORNING)
    stories.step(home, run, "write_file", "backup.py", at=MORNING + 1)
    stories.step(home, run, "shell", "ok\n3 files", at=MORNING + 2)
    stories.finish(home, run, "done")
    assert terminal.type("stream", "1").out == (
        "Task 1: Create a backup script\n"
        "Status: done\n"
        "Steps: 3\n"
        "\n"
        "Execution log:\n"
        "\n"
        "[Step 1] 2026-01-15T03:20:25\n"
        "  Action: decision\n"
        "  Result: Need to create a Python script...\n"
        "\n"
        "[Step 2] 2026-01-15T03:20:26\n"
        "  Action: write_file\n"
        "  Result: backup.py\n"
        "\n"
        "[Step 3] 2026-01-15T03:20:27\n"
        "  Action: shell\n"
        "  Result: ok 3 files\n"
    )


def test_add_says_the_number(terminal: Terminal) -> None:
    assert terminal.type("add", "Create a backup script") == (0, "Added task 1\n", "")
