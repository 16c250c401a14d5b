"""`agent replay`: re-execute a task with its recorded replies."""

import click

from channels.cli.parameters import as_json, examples, task_argument
from channels.cli.session import Session
from channels.cli.text import block

_DIFFERS = 1


@click.command("replay", epilog=examples("agent replay 3"))
@task_argument
@as_json
@click.pass_obj
def replay(session: Session, task_id: int, as_json: bool) -> int:
    """Re-execute the newest run of a task with its recorded replies and report the first difference."""
    session.service.reads.task(task_id)
    difference = session.host.worker.replay(task_id)
    if as_json:
        session.screen.emit({"task": task_id, "same": difference is None, "difference": difference})
    elif difference is None:
        session.screen.say(f"Task {task_id} replays the same")
    else:
        session.screen.say(f"Task {task_id} differs:\n{block(difference, '  ')}")
    return 0 if difference is None else _DIFFERS
