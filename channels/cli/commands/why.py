"""`agent why`: who did a task, with what, and why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from channels.cli import facts, moments
from channels.cli.parameters import as_json, examples, task_argument
from channels.cli.text import flat

if TYPE_CHECKING:
    from channels.cli.lines import AuditEntry
    from channels.cli.session import Session
    from daemon.domain.run import Run

_ENTRIES = 1000


@click.command("why", epilog=examples("agent why 3", "agent why 3 --json"))
@task_argument
@as_json
@click.pass_obj
def why(session: Session, task_id: int, as_json: bool) -> None:
    """Say who asked for a task, which skill or agent and which models did it, what it read, and who allowed what."""
    reads = session.service.reads
    task = reads.task(task_id)
    runs = reads.runs(task_id)
    entries = reads.audit(task_id, _ENTRIES)
    if as_json:
        session.screen.emit(
            {
                "task": facts.task(task),
                "asked_by": {"role": task.principal.role.value, "channel": task.principal.channel},
                "runs": [_facts(session, run) for run in runs],
                "audit": [entry_facts(entry) for entry in entries],
            }
        )
        return
    say = session.screen.say
    say(f"Task {task.id}: {flat(task.title)}")
    say(f"Asked by: {task.principal.role.value}, {flat(task.principal.channel)}, {moments.plain(task.created_at)}")
    for run in runs:
        _show_run(session, run)
    say("Log:")
    for entry in entries:
        say(f"  {entry_line(entry)}")


def entry_line(entry: AuditEntry) -> str:
    """Give an entry of the audit log in one line."""
    detail = "(forgotten)" if entry.detail is None else "" if entry.detail == "{}" else entry.detail
    return f"{moments.plain(entry.at)}  {flat(entry.kind)} by {flat(entry.actor)} {flat(detail)}".rstrip()


def entry_facts(entry: AuditEntry) -> dict[str, Any]:
    """Give an entry of the audit log for programs."""
    return {
        "id": entry.id,
        "at": moments.utc(entry.at),
        "kind": entry.kind,
        "actor": entry.actor,
        "task": entry.task_id,
        "run": entry.run_id,
        "detail": None if entry.detail is None else json.loads(entry.detail),
        "hash": entry.hash,
    }


def _facts(session: Session, run: Run) -> dict[str, Any]:
    return {
        "number": run.number,
        "status": run.status.value,
        "done_by": session.service.reads.plan(run.id) or None,
        "models": _models(session, run),
        "labels": sorted(label.value for label in run.labels),
        "tools": _tools(session, run),
        "approvals": [facts.approval(asked) for asked in session.service.reads.approvals_of(run.id)],
    }


def _show_run(session: Session, run: Run) -> None:
    found = _facts(session, run)
    say = session.screen.say
    say(f"Run {run.number}: {run.status.value}, done by {flat(found['done_by'] or 'nobody yet')}")
    say(f"  Models: {', '.join(map(flat, found['models'])) or 'none'}")
    say(f"  Read: {', '.join(found['labels']) or 'nothing private, nothing from outside'}")
    say(f"  Tools: {', '.join(map(flat, found['tools'])) or 'none'}")
    for asked in session.service.reads.approvals_of(run.id):
        by = f" by {flat(asked.decided_by)}" if asked.decided_by else ""
        answer = f": {flat(asked.answer)}" if asked.answer else ""
        say(f"  Asked: {flat(asked.shown.split(chr(10), 1)[0])} ({asked.state.value}{by}{answer})")


def _models(session: Session, run: Run) -> list[str]:
    return sorted({step.model for step in session.service.reads.steps(run.id) if step.model})


def _tools(session: Session, run: Run) -> list[str]:
    steps = session.service.reads.steps(run.id)
    return sorted({step.name for step in steps if step.kind.value == "tool" and step.name})
