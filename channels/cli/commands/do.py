"""`agent "do this"`: hand a task in and see it through."""

from typing import Any

import click

from channels.cli import facts
from channels.cli.catalogue import COMMANDS
from channels.cli.follow import see_through
from channels.cli.front import IMPLICIT
from channels.cli.parameters import as_json, examples
from channels.cli.session import Session
from channels.cli.task_input import goal_of, output_folder, output_option, submit, task_options, task_words


@click.command(
    "do",
    epilog=examples(
        'agent "disk report"',
        'agent "report on sales.csv" --file sales.csv --output .',
        "agent - < task.txt              the task from standard input",
        "agent do list                   a task whose word is a command",
    ),
)
@task_words
@task_options
@output_option
@as_json
@click.pass_context
def do(ctx: click.Context, /, words: tuple[str, ...], output: str | None, as_json: bool, **given: Any) -> int:
    """Do a task now: its result goes to standard output, with the paths of its files, one a line.

    The word `do` can be left out: agent "disk report" --private is agent do "disk report" --private.

    A living daemon does it, and this command watches; without one it is done here. Ctrl-C pauses what is
    done here, and leaves alone what the daemon does.
    """
    session: Session = ctx.obj
    goal = goal_of(words, list(COMMANDS) if ctx.meta.get(IMPLICIT) else ())
    if given["hold"] and output is not None:
        raise click.UsageError("What is on hold makes no files yet. Give --output to agent run --task N.")
    into = output_folder(output)
    task = submit(session, goal, given)
    if not task.hold:
        return see_through(session, task, as_json=as_json, into=into)
    if as_json:
        session.screen.emit({"task": facts.task(task)})
    else:
        session.screen.say(f"Added task {task.id}")
        session.screen.advise(f"agent run --task {task.id} does it")
    return 0
