"""What a run writes to its owner on its way reaches whoever watches, and stands on its pages."""

import json
import time

import pytest

from daemon.domain.message import OutgoingKind
from daemon.domain.run import Run, RunStatus, WaitingFor
from daemon.engine.queue_message import queue
from daemon.store import database, runs, tasks
from daemon.store.home import Home
from tests.channels.cli.conftest import Terminal
from tests.fakes import stories
from tests.fakes.story_worker import daemon

SAID = "Half of it is done.\nThe rest \x1b[2J follows."


def _writes(home: Home, run: Run) -> None:
    with database.transaction():
        queue(tasks.get(run.task_id), OutgoingKind.MESSAGE, SAID, time.time(), run_id=run.id)
    stories.finish(home, run, "all of it")


def _notices(home: Home, run: Run) -> None:
    text = "No model answers."
    with database.transaction():
        queue(tasks.get(run.task_id), OutgoingKind.NOTICE, text, time.time(), run_id=run.id)
        runs.move(run.id, RunStatus.WAITING, time.time(), why=text, waiting_for=WaitingFor.MODEL)


@pytest.mark.parametrize("doing", ["here", "daemon"])
def test_a_message_is_told_once_while_the_run_goes_on(terminal: Terminal, doing: str) -> None:
    if doing == "here":
        terminal.host.worker.story = _writes
        said = terminal.type("do this")
    else:
        with daemon(terminal.host.service, _writes):
            said = terminal.type("do this")
    assert said.out == "all of it\n"
    assert said.err.count("task 1 says:\n  Half of it is done.\n  The rest \\x1b[2J follows.\n") == 1


def test_a_message_stands_in_status_and_logs(terminal: Terminal) -> None:
    terminal.host.worker.story = _writes
    terminal.type("do this")
    assert "  It says:\n    Half of it is done.\n    The rest \\x1b[2J follows.\n" in terminal.type("status", "1").out
    lines = terminal.type("logs", "1").out.splitlines()
    assert [line.split()[1] for line in lines] == ["status", "status", "message", "status"]
    written = json.loads(terminal.type("logs", "1", "--json").out)["messages"]
    assert [(one["kind"], one["text"]) for one in written] == [("message", SAID)]
    assert json.loads(terminal.type("status", "1", "--json").out)["runs"][0]["messages"] == written


def test_a_notice_of_why_it_waits_is_not_told_twice(terminal: Terminal) -> None:
    terminal.host.worker.story = _notices
    assert terminal.type("do this").err.count("No model answers.") == 1
    assert terminal.type("status", "1").out.count("No model answers.") == 1
