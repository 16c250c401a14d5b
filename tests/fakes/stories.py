"""What a worker of the tests does with a run that it has taken: real rows, written as the engine writes them."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from daemon.domain.approval import ApprovalKind
from daemon.domain.blob import Blob
from daemon.domain.canonical import digest_of
from daemon.domain.limits import Usage
from daemon.domain.run import Run, RunStatus, Stage, WaitingFor
from daemon.domain.step import StepKind, StepStatus
from daemon.domain.update import UpdateKind
from daemon.store import approvals, blobs, daily, database, history, runs, search, steps
from daemon.store.home import Home

Story = Callable[[Home, Run], None]

HOSTILE = "evil\x1b]0;owned\x07\x1b[2J\u202etxt.exe\r\nforged"


def step(home: Home, run: Run, name: str, text: str, *, kind: StepKind = StepKind.TOOL, at: float = 0.0) -> int:
    """Record a step with its outcome."""
    now = at or time.time()
    with database.transaction():
        seq = steps.begin(run, kind, name, steps.prepare(home, {"tool": name, "arguments": {}}), now=now)
        output = steps.prepare(home, {"text": text, "files": [], "failed": False})
        steps.end(run, seq, StepStatus.DONE, output, now=now)
    return seq


def progress(run: Run, percent: int, text: str, stage: Stage | None = None) -> None:
    """Say how far the run is."""
    with database.transaction():
        runs.set_progress(run, percent, stage)
        history.add(run.task_id, run.id, UpdateKind.PROGRESS, f"{percent}% {text}", time.time())


def finish(home: Home, run: Run, text: str, names: tuple[str, ...] = (), money: int = 0) -> None:
    """End the run with a result and files."""
    output = home.run_folder(run.task_id, run.number) / "output"
    found = []
    for name in names:
        path = output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"result\n")
        with path.open("rb") as file:
            kept = blobs.keep_file(home, file, name, None)
        found.append(Blob(kept.digest, kept.size, "text/plain", name))
    now = time.time()
    with database.transaction():
        for blob in found:
            blobs.record(home, blob.digest, blob.size)
        runs.set_usage(run.id, Usage(steps=1, money=money))
        runs.set_files(run.id, found)
        runs.move(run.id, RunStatus.DONE, now, result=text)
        search.add_result(run.task_id, text)
        daily.add_run("csv-report", RunStatus.DONE, 2.5, now)


def fail(run: Run, reason: str) -> None:
    """End the run in an error."""
    with database.transaction():
        runs.move(run.id, RunStatus.ERROR, time.time(), error=reason)


def ask(run: Run, shown: str, kind: ApprovalKind = ApprovalKind.CALL, choices: tuple[str, ...] = ()) -> str:
    """Ask the owner; gives the id of the question."""
    now = time.time()
    with database.transaction():
        asked = approvals.add(
            run,
            kind,
            call={"tool": "shell"},
            digest=digest_of(shown),
            shown=shown,
            choices=choices,
            now=now,
            lifetime=7 * 86400.0,
        )
        runs.move(run.id, RunStatus.WAITING, now, why="it asks", waiting_for=WaitingFor.OWNER)
    return asked.id


def wait_for_model(run: Run, text: str) -> None:
    """Wait for a model that is not configured."""
    with database.transaction():
        runs.move(run.id, RunStatus.WAITING, time.time(), why=text, waiting_for=WaitingFor.MODEL)


def _well(home: Home, run: Run) -> None:
    step(home, run, "csv_report", "three pages")
    progress(run, 40, "reading sales.csv", Stage.BUILD)
    for _ in range(2):
        with database.transaction():
            history.add(run.task_id, run.id, UpdateKind.NOTE, "two charts so far", time.time())
    finish(home, run, "The report is ready.\nTwo charts.", ("report.pdf", "data/rows.csv"), money=310_000)


def _hostile(home: Home, run: Run) -> None:
    with database.transaction():
        history.add(run.task_id, run.id, UpdateKind.NOTE, HOSTILE, time.time())
    step(home, run, HOSTILE, HOSTILE)
    progress(run, 10, HOSTILE)
    finish(home, run, HOSTILE, (f"{Path(HOSTILE).name}.pdf",))


def _interrupted(home: Home, run: Run) -> None:
    """Be paused by Ctrl-C, as the worker of the house is."""
    with database.transaction():
        runs.move(run.id, RunStatus.PAUSED, time.time(), why="Ctrl-C")
    raise KeyboardInterrupt


def _dies(home: Home, run: Run) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


STORIES: dict[str, Story] = {
    "well": _well,
    "error": lambda home, run: fail(run, f"The disk is full. {HOSTILE}"),
    "asks": lambda home, run: _ignored(ask(run, "pip install pandas==2.2.0")),
    "chooses": lambda home, run: _ignored(ask(run, "Which one?", ApprovalKind.QUESTION, ("red", "blue"))),
    "model": lambda home, run: wait_for_model(run, "No model is configured. Write one into config/models.yaml."),
    "cancelled": lambda home, run: _cancel(run),
    "interrupted": _interrupted,
    "hostile": _hostile,
    "dies": _dies,
}
"""By name, for processes of their own."""


def _cancel(run: Run) -> None:
    with database.transaction():
        runs.move(run.id, RunStatus.CANCELLED, time.time(), why="by web")


def _ignored(_: object) -> None:
    return None
