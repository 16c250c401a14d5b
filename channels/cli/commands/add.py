"""`agent add`: queue a task."""

from typing import Any

import click

from channels.cli import facts
from channels.cli.parameters import as_json, examples
from channels.cli.session import Session
from channels.cli.task_input import goal_of, submit, task_options, task_words


@click.command(
    "add",
    epilog=examples(
        'agent add "disk report"',
        'agent add "summarise these" --file a.pdf --file b.pdf --project taxes',
        'agent add "big job" --hold --budget 0.50',
    ),
)
@task_words
@task_options
@as_json
@click.pass_obj
def add(session: Session, /, words: tuple[str, ...], as_json: bool, **given: Any) -> None:
    """Queue a task for the daemon, or for `agent run`."""
    task = submit(session, goal_of(words), given)
    if as_json:
        session.screen.emit({"task": facts.task(task)})
        return
    session.screen.say(f"Added task {task.id}")
    if session.screen.terminal and (task.hold or not session.daemon_lives()):
        session.screen.advise(f"agent run --task {task.id} does it now")
