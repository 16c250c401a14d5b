"""`agent workers`: who is alive, and on what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from channels.cli import facts, moments
from channels.cli.parameters import as_json, examples

if TYPE_CHECKING:
    from channels.cli.session import Session


@click.command("workers", epilog=examples("agent workers", "agent workers --json"))
@as_json
@click.pass_obj
def workers(session: Session, as_json: bool) -> None:
    """Show every place where a task can run: the daemon's, and those of terminals."""
    lines = session.service.reads.workers()
    if as_json:
        found = [
            {
                "worker": line.worker.id,
                "kind": line.worker.kind,
                "pid": line.worker.pid,
                "host": line.worker.host,
                "slot": line.slot,
                "since": moments.utc(line.worker.since),
                "task": None if line.run is None else line.run.task_id,
                "run": None if line.run is None else facts.run(session.service, line.run),
            }
            for line in lines
        ]
        session.screen.emit({"workers": found})
        return
    session.screen.say(f"Workers ({len(lines)}):")
    for number, line in enumerate(lines):
        said = "idle" if line.run is None else f"task {line.run.task_id} ({line.run.status.value})"
        where = f"  {line.worker.kind}, process {line.worker.pid}" if session.screen.terminal else ""
        session.screen.say(f"  Worker {number}: {said}{session.screen.paint(where, 'dim')}")
    if not lines:
        session.screen.advise("agent daemon works on the queue; agent run does one task")
