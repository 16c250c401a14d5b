"""A terminal for the tests: the real commands over a real database."""

import io
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from channels.cli import screen, session
from channels.cli.main import run
from daemon.domain.run import Run
from daemon.store import database, runs
from tests.fakes.hosts import StoryHost
from tests.fakes.stories import STORIES


class Said(NamedTuple):
    """What a command left: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


class Terminal:
    """Types commands in this process, into a pipe."""

    def __init__(self, host: StoryHost, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self.host = host
        self._capsys = capsys
        self._patch = patch

    def type(self, *argv: str, story: str = "", stdin: bytes | None = None) -> Said:
        """Run one command; `story` is what the worker does with a run that it takes."""
        if story:
            self.host.worker.story = STORIES[story]
        given = None if stdin is None else io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
        self._patch.setattr(sys, "stdin", given)
        self._capsys.readouterr()
        code = run(self.host, list(argv))
        said = self._capsys.readouterr()
        return Said(code, said.out, said.err)

    def add(self, goal: str = "Create a backup script", *options: str) -> int:
        """Queue a task; gives its number."""
        said = self.type("add", goal, *options)
        assert said.code == 0, said.err
        return int(said.out.removeprefix("Added task "))

    def sit_at(self, columns: int) -> None:
        """Let what is typed from now on be typed at a terminal of so many columns, without colours."""
        self._patch.setattr(screen, "_is_terminal", lambda stream: stream is not None)
        self._patch.setenv("COLUMNS", str(columns))
        self._patch.setenv("NO_COLOR", "1")

    def claimed(self, task_id: int) -> Run:
        """Take the task's run as a worker that is gone by now would have."""
        with database.transaction():
            return runs.claim(self.host.service.reads.task(task_id).run_id, "terminal-gone", time.time())


@pytest.fixture
def terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """Give a terminal whose state is empty, in UTC, 80 columns wide."""
    for name in ("NO_COLOR", "AGENT_LOG_LEVEL", "_AGENT_COMPLETE"):
        monkeypatch.delenv(name, raising=False)
    # A machine that is busy with tests is no disk that is slow.
    monkeypatch.setattr(session, "_PATIENCE_SECONDS", 60.0)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield Terminal(StoryHost(tmp_path / "home"), capsys, monkeypatch)
    database.close()
    monkeypatch.undo()
    time.tzset()
