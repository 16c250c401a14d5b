"""`agent stream`: the steps of a task as they happen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from channels.cli import facts, moments
from channels.cli.parameters import as_json, examples, task_argument
from channels.cli.text import flat
from channels.cli.width import cut

if TYPE_CHECKING:
    from channels.cli.session import Session
    from daemon.domain.run import Run
    from daemon.domain.step import Step

_LOOK_SECONDS = 2.0
_LONGEST = 200
"""Columns of a result that are shown; `--json` gives it whole."""


@click.command("stream", epilog=examples("agent stream 3", "agent stream 3 --json"))
@task_argument
@as_json
@click.pass_obj
def stream(session: Session, task_id: int, as_json: bool) -> None:
    """Show the steps of a task's newest run, and follow it until it ends; Ctrl-C only stops the watching.

    With --json the steps so far, whole, without following.
    """
    reads = session.service.reads
    task = reads.task(task_id)
    run, steps = reads.run(task.run_id), reads.steps(task.run_id)
    if as_json:
        session.screen.emit(
            {
                "task": facts.task(task),
                "run": facts.run(session.service, run),
                "steps": [facts.step(step) for step in steps],
            }
        )
        return
    session.screen.say(f"Task {task.id}: {flat(task.title)}")
    session.screen.say(f"Status: {run.status.value}")
    session.screen.say(f"Steps: {len(steps)}")
    session.screen.say()
    session.screen.say("Execution log:")
    _follow(session, run)


def _follow(session: Session, run: Run) -> None:
    begun_as, shown = run.status, _print_ended(session, run.id, 0)
    with session.service.changes() as changes:
        while not run.status.final and run.status.value != "paused" and session.moves(run):
            session.screen.flush()
            changes.wait(_LOOK_SECONDS)
            run = session.service.reads.run(run.id)
            shown = _print_ended(session, run.id, shown)
    _print_left(session, run.id, shown)
    if run.status is not begun_as:
        session.screen.say()
        session.screen.say(f"Status: {run.status.value}")
    if not run.status.final:
        session.screen.tell(f"Nobody works on it now: agent status {run.task_id} says what it needs")


def _print_ended(session: Session, run_id: int, after: int) -> int:
    """Print the steps that have ended, up to the first that has not; gives the number of the last one printed."""
    for step in session.service.reads.steps(run_id, after):
        if step.status.value == "started":
            break
        _print_step(session, step)
        after = step.seq
    return after


def _print_left(session: Session, run_id: int, after: int) -> None:
    for step in session.service.reads.steps(run_id, after):
        _print_step(session, step)


def _print_step(session: Session, step: Step) -> None:
    session.screen.say()
    session.screen.say(f"[Step {step.seq}] {moments.plain(step.started_at)}")
    session.screen.say(f"  Action: {_action(step)}")
    session.screen.say(f"  Result: {cut(_result(step), _LONGEST)}".rstrip())


def _action(step: Step) -> str:
    return "decision" if step.kind.value == "model" else flat(step.name or step.kind.value)


def _result(step: Step) -> str:
    if step.status.value in ("started", "unknown"):
        return {"started": "(not ended)", "unknown": "(nobody knows; agent approvals asks you)"}[step.status.value]
    said = flat(_text(step.output) or _text(step.input))
    return f"failed: {said}" if step.status.value == "failed" else said


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if not isinstance(value, dict):
        return "" if value is None else json.dumps(value, ensure_ascii=False)
    calls = value.get("calls") or ()
    called = [str(call.get("tool", "")) for call in calls if isinstance(call, dict)]
    return str(value.get("text") or "") or ", ".join(called)
