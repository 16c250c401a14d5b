"""`agent run`: do a pending task in this process."""

import click

from channels.cli.ending import report
from channels.cli.follow import do_next, see_through
from channels.cli.parameters import TASK, as_json, examples
from channels.cli.session import Session
from channels.cli.task_input import output_folder, output_option


@click.command("run", epilog=examples("agent run", "agent run --task 3", "agent run --task 3 --output ."))
@click.option("--task", "task_id", type=TASK, metavar="N", help="Do this one, also when it is on hold.")
@output_option
@as_json
@click.pass_obj
def run(session: Session, task_id: int | None, output: str | None, as_json: bool) -> int:
    """Do the next pending task here, or the one that is named. Ctrl-C pauses it."""
    into = output_folder(output)
    if task_id is None:
        code = do_next(session, as_json=as_json, into=into)
        if code is not None:
            return code
        if as_json:
            session.screen.emit({"task": None, "run": None, "approvals": [], "waits": None})
        else:
            session.screen.tell('Nothing is pending. agent add "disk report" queues a task.')
        return 0
    task = session.service.reads.task(task_id)
    if task.status.value in ("pending", "running"):
        return see_through(session, task, as_json=as_json, into=into)
    if task.status.final:
        from daemon.domain.errors import InvalidState

        raise InvalidState(f"Task {task_id} is {task.status.value} already.", f"agent retry {task_id} runs it again.")
    return report(session, session.service.reads.run(task.run_id), as_json=as_json, into=into)
