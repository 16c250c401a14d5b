"""`agent why`: who did a task, with what, and why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from channels.cli import facts, moments
from channels.cli.log_words import LogWords, doer, short
from channels.cli.parameters import as_json, examples, task_argument
from channels.cli.prose import timed
from channels.cli.task_words import place
from channels.cli.text import flat
from channels.cli.width import wrapped

if TYPE_CHECKING:
    from channels.cli.session import Session
    from daemon.domain.run import Run
    from daemon.domain.step import Step
    from daemon.domain.task import Task
    from daemon.engine.service import AuditEntry

_ENTRIES = 1000


@click.command("why", epilog=examples("agent why 3", "agent why 3 --json"))
@task_argument
@as_json
@click.pass_obj
def why(session: Session, task_id: int, as_json: bool) -> None:
    """Say who asked for a task, which skill or agent and which models did it, what it read, and who allowed what.

    Digests are cut to eight digits; --json has everything whole.
    """
    reads = session.service.reads
    task, runs = reads.task(task_id), reads.runs(task_id)
    entries = reads.audit(task_id, _ENTRIES)
    steps = {run.id: reads.steps(run.id) for run in runs}
    if as_json:
        session.screen.emit(
            {
                "task": facts.task(task),
                "asked_by": {"role": task.principal.role.value, "channel": task.principal.channel},
                "runs": [_facts(session, run, steps[run.id]) for run in runs],
                "audit": [entry_facts(entry) for entry in entries],
            }
        )
        return
    who = "you" if task.principal.role.value == "owner" else "a contact"
    session.screen.say(f"Task {task.id}: {flat(task.title)}")
    when = (moments.ago if session.screen.terminal else moments.plain)(task.created_at)
    session.screen.say(f"Asked by {who} in {place(task.principal.channel)}, {when}")
    for run in runs:
        _show_run(session, task, run, steps[run.id])
    session.screen.say("Log:")
    names: dict[tuple[int | None, int], str] = {
        (run.id, step.seq): _name(step) for run in runs for step in steps[run.id]
    }
    words = LogWords(entries, names)
    for entry in entries:
        session.screen.say(timed(session.screen, entry.at, words.said(entry), "  "))


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


def _facts(session: Session, run: Run, steps: list[Step]) -> dict[str, Any]:
    return {
        "number": run.number,
        "status": run.status.value,
        "done_by": session.service.reads.plan(run.id) or None,
        "models": sorted({step.model for step in steps if step.model}),
        "labels": sorted(label.value for label in run.labels),
        "tools": _tools(steps),
        "refused": [{"tool": step.name, "text": _refusal(step)} for step in steps if _refusal(step)],
        "approvals": [facts.approval(asked) for asked in session.service.reads.approvals_of(run.id)],
    }


def _show_run(session: Session, task: Task, run: Run, steps: list[Step]) -> None:
    plan = session.service.reads.plan(run.id)
    models = sorted({step.model for step in steps if step.model})
    said = [f"Run {run.number}: {run.status.value}, {f'by {doer(flat(plan))}' if plan else 'not begun'}"]
    said.append(f"  Models: {', '.join(map(flat, models)) or 'none'}")
    said.append(f"  Read: {_read(task, run)}")
    said.append(f"  Tools: {', '.join(map(flat, _tools(steps))) or 'none'}")
    for asked in session.service.reads.approvals_of(run.id):
        by = f" in {place(asked.channel)}" if asked.channel else ""
        answer = f": {flat(asked.answer)}" if asked.answer else ""
        question = flat(asked.shown.partition("\n")[0])
        said.append(f"  Asked: {question} ({asked.state.value}{by}{answer})")
    said += [f"  Refused: {flat(step.name)}: {flat(_refusal(step))}" for step in steps if _refusal(step)]
    for one in said:
        screen = session.screen
        screen.say(
            wrapped(short(one.strip()), screen.width, "  ", "    ") if screen.terminal and one[0] == " " else one
        )


def _read(task: Task, run: Run) -> str:
    """Say what a run has read, by its labels."""
    if not run.labels:
        return "nothing private, nothing from outside"
    given = [f"your file {flat(blob.name)}" for blob in task.files]
    given += [f"your folder {flat(folder.path)}" for folder in task.folders]
    labels = ", ".join(sorted(label.value for label in run.labels))
    return f"{', '.join(given) or 'what its tools found'} ({labels})"


def _tools(steps: list[Step]) -> list[str]:
    return sorted({step.name for step in steps if step.kind.value == "tool" and step.name})


def _name(step: Step) -> str:
    return f"the model {step.model or step.name}" if step.kind.value == "model" else step.name


def _refusal(step: Step) -> str:
    """Give why a call was not made, or nothing where it was made."""
    found = step.output
    return str(found.get("text", "")) if isinstance(found, dict) and found.get("refused") else ""
