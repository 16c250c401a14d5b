"""`agent status`: how many tasks stand how, or all about one."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from channels.cli import facts, moments
from channels.cli.amounts import counted
from channels.cli.parameters import TASK, as_json, examples
from channels.cli.prose import prose
from channels.cli.task_words import colour_of, messages, place, standing, taken, why_it_waits
from channels.cli.text import block, flat
from channels.cli.typed_path import shown_path

if TYPE_CHECKING:
    from channels.cli.session import Session
    from daemon.domain.run import Run
    from daemon.domain.task import Task

_GOAL_LINES = 20


@click.command("status", epilog=examples("agent status", "agent status 3", "agent status 3 --json"))
@click.argument("task_id", metavar="[N]", type=TASK, required=False)
@as_json
@click.pass_obj
def status(session: Session, task_id: int | None, as_json: bool) -> None:
    """Count the tasks by status; with a number show all about that one."""
    if task_id is not None:
        _show(session, session.service.reads.task(task_id), as_json)
        return
    counts = {status.value: count for status, count in session.service.reads.counts().items()}
    parts = session.service.reads.daemon_parts()
    if as_json:
        session.screen.emit({"tasks": counts, "daemon": [asdict(part) for part in parts]})
        return
    session.screen.say("Agent Status:")
    for name, count in counts.items():
        # The form has no line for what is rare.
        if name != "cancelled" or count:
            colour = colour_of(name) if count else "dim"
            session.screen.say(f"  {session.screen.paint(f'{name}: {count}', colour)}")
    for part in parts:
        if part.state != "up":
            again = f", started again {counted(part.restarts, 'time')}" if part.restarts else ""
            session.screen.say(
                f"  {session.screen.paint(f'{part.name} is {part.state}', 'red')}: {flat(part.problem)}{again}"
            )


def _show(session: Session, task: Task, as_json: bool) -> None:
    reads = session.service.reads
    runs, asked, notes = reads.runs(task.id), reads.approvals(task.run_id), reads.notes(task.id)
    if as_json:
        session.screen.emit(
            {
                "task": facts.task(task),
                "runs": [_facts(session, run) for run in runs],
                "approvals": [facts.approval(one) for one in asked],
                "notes": notes,
            }
        )
        return
    say = session.screen.say
    for text in _head(session, task):
        say(text)
    for run in runs:
        _show_run(session, run)
    if asked:
        from channels.cli.questions import whole

        say("Questions:")
        for one in asked:
            say(block_of(whole(session.screen, one)))
    if notes:
        say("Notes:")
        for key, value in notes.items():
            say(f"  {flat(key)}: {flat(value)}")


def _facts(session: Session, run: Run) -> dict[str, Any]:
    written = [facts.message(one) for one in messages(session.service, run)]
    return facts.run(session.service, run) | {"messages": written}


def block_of(text: str) -> str:
    """Indent text of our own that is safe already."""
    return "\n".join(f"  {one}" if one else "" for one in text.split("\n"))


def _head(session: Session, task: Task) -> list[str]:
    status = session.screen.paint(task.status.value, colour_of(task.status.value))
    goal, title = flat(task.goal), flat(task.title)
    shortened = goal.startswith(title.removesuffix("…"))
    found = [f"Task {task.id}" if shortened and goal != title else f"Task {task.id}: {title}", f"Status: {status}"]
    if goal != title:
        lines = task.goal.splitlines()
        more = "\n…" if len(lines) > _GOAL_LINES else ""
        found.append(f"Goal:\n{block(chr(10).join(lines[:_GOAL_LINES]) + more, '  ')}")
    said = {"Project": task.project, "Agent": task.agent, "Tier": task.tier}
    found += [f"{name}: {flat(value)}" for name, value in said.items() if value]
    found += [f"Priority: {task.priority}"] if task.priority else []
    found += ["Private: yes"] if task.private else []
    found += ["On hold: agent run does it"] if task.hold and not task.status.final else []
    when = moments.ago if session.screen.terminal else moments.plain
    found.append(f"Added: {when(task.created_at)}, from {place(task.principal.channel)}")
    found += [f"Given: {flat(blob.name)}" for blob in task.files]
    return found + [
        f"Given: {shown_path(session.screen, Path(folder.path))}{' (may be changed)' if folder.writable else ''}"
        for folder in task.folders
    ]


def _show_run(session: Session, run: Run) -> None:
    say = session.screen.say
    say(f"Run {run.number}: {standing(run)} ({taken(run)})")
    if run.status.value == "waiting":
        reason = why_it_waits(session.service, run)
        if reason:
            say(prose(session.screen, reason, "  ", broken=session.screen.terminal))
    for written in messages(session.service, run):
        say("  It says:")
        say(block(written.text, "    "))
    if run.error:
        say(f"  Error: {flat(run.error)}")
    if run.result:
        say(block(run.result, "  "))
    if run.files:
        say("  Files:")
        for blob in run.files:
            say(f"    {shown_path(session.screen, session.service.result_path(run, blob.name))}")
