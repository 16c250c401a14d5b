"""Seeing a run through: done in this process, or watched while the daemon does it."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from channels.cli.ending import NOT_ENDED, report
from channels.cli.progress import Progress
from daemon.domain.errors import AgentError

if TYPE_CHECKING:
    from pathlib import Path

    from channels.cli.session import Session
    from daemon.domain.run import Run
    from daemon.domain.task import Task

INTERRUPTED = 130
_LOOK_SECONDS = 2.0
"""How long a write may go unheard at most; waiting itself costs nothing."""


def see_through(
    session: Session, task: Task, *, as_json: bool, into: Path | None = None, progress: Progress | None = None
) -> int:
    """Do or watch the newest run of a task until it ends or waits; print what came of it and give the exit code.

    What it made is copied `into` a folder where one is given. `progress` tells meanwhile how it goes.
    """
    run = session.service.reads.run(task.run_id)
    if session.moves(run):
        return watch(session, run, as_json=as_json, into=into, progress=progress)
    return do_here(session, run, as_json=as_json, into=into, progress=progress)


def do_here(
    session: Session, run: Run, *, as_json: bool, into: Path | None = None, progress: Progress | None = None
) -> int:
    """Do a pending run in this process; Ctrl-C pauses it."""
    progress = progress or Progress(session, run.task_id, run.id)
    try:
        ended = session.host.worker.run(run.id, lambda: _look(progress))
    except KeyboardInterrupt:
        return _paused(session, run.id, as_json=as_json, into=into)
    if ended is None:
        return watch(session, session.service.reads.run(run.id), as_json=as_json, into=into, progress=progress)
    progress.look()
    return report(session, ended, as_json=as_json, into=into, said=progress.said)


def do_next(session: Session, *, as_json: bool, into: Path | None = None) -> int | None:
    """Do the next pending run in this process; None when nothing is pending."""
    told: dict[int, Progress] = {}

    def look() -> None:
        run = _run_of_this_process(session)
        if run is not None:
            _look(told.setdefault(run.id, Progress(session, run.task_id, run.id)))

    try:
        ended = session.host.worker.run(None, look)
    except KeyboardInterrupt:
        if not told:
            return INTERRUPTED
        return _paused(session, next(iter(told)), as_json=as_json, into=into)
    return None if ended is None else report(session, ended, as_json=as_json, into=into)


def watch(
    session: Session, run: Run, *, as_json: bool, into: Path | None = None, progress: Progress | None = None
) -> int:
    """Watch a run that another process does; Ctrl-C stops the watching, not the run."""
    progress = progress or Progress(session, run.task_id, run.id)
    try:
        with session.service.changes() as changes:
            while True:
                run = progress.look()
                if run.status.final or run.status.value in ("waiting", "paused"):
                    break
                if not session.moves(run):
                    session.screen.tell(f"Nobody works on task {run.task_id} any more: agent run --task {run.task_id}")
                    return NOT_ENDED
                changes.wait(_LOOK_SECONDS)
    except KeyboardInterrupt:
        session.screen.tell(f"task {run.task_id} goes on; agent pause {run.task_id} stops it")
        return INTERRUPTED
    return report(session, run, as_json=as_json, into=into, said=progress.said)


def _look(progress: Progress) -> None:
    # Whoever does the run must not stumble over somebody who merely looks on.
    with contextlib.suppress(AgentError):
        progress.look()


def _paused(session: Session, run_id: int, *, as_json: bool, into: Path | None = None) -> int:
    run = session.service.reads.run(run_id)
    if run.status.value != "paused":
        report(session, run, as_json=as_json, into=into)
        return INTERRUPTED
    session.screen.tell(f"paused: agent resume {run.task_id} && agent run --task {run.task_id}")
    return INTERRUPTED


def _run_of_this_process(session: Session) -> Run | None:
    mine = [line.run for line in session.service.reads.workers() if line.worker.pid == os.getpid()]
    return next((run for run in mine if run is not None), None)
