"""`agent forget`: delete a task with everything about it."""

import click

from channels.cli.amounts import counted, size
from channels.cli.parameters import as_json, examples, task_argument
from channels.cli.session import Session
from channels.cli.text import flat

_NOT_CONFIRMED = 2


@click.command("forget", epilog=examples("agent forget 3          says what would go", "agent forget 3 --yes"))
@task_argument
@click.option("--yes", is_flag=True, help="Delete it. This cannot be undone.")
@as_json
@click.pass_obj
def forget(session: Session, task_id: int, yes: bool, as_json: bool) -> int:
    """Delete a task that has ended, with its runs, files and history. Without --yes it says what would go."""
    reads = session.service.reads
    task, runs = reads.task(task_id), reads.runs(task_id)
    freed = session.service.forget(task_id, session.owner) if yes else None
    if as_json:
        session.screen.emit({"task": task_id, "runs": len(runs), "forgotten": yes, "freed": freed})
    elif freed is not None:
        session.screen.say(f"Forgot task {task_id} ({size(freed)})")
    else:
        files = len(task.files) + sum(len(run.files) for run in runs)
        session.screen.say(
            f"This would delete task {task_id}, {flat(task.title)}: {counted(len(runs), 'run')} with all steps, "
            f"{counted(files, 'file')}, its workspaces and its history."
        )
        session.screen.say(f"Nothing was deleted: agent forget {task_id} --yes")
    return 0 if yes else _NOT_CONFIRMED
