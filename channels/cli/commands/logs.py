"""`agent logs`: what happened to a task, in order."""

import click

from channels.cli import facts, moments
from channels.cli.parameters import as_json, examples, task_argument
from channels.cli.session import Session
from channels.cli.task_words import updates
from channels.cli.text import flat


@click.command("logs", epilog=examples("agent logs 3", "agent logs 3 --json"))
@task_argument
@as_json
@click.pass_obj
def logs(session: Session, task_id: int, as_json: bool) -> None:
    """Show the history of a task: changes of status, progress, notes, questions and answers of all its runs."""
    session.service.reads.task(task_id)
    found = updates(session.service, task_id)
    if as_json:
        session.screen.emit({"task": task_id, "history": [facts.update(update) for update in found]})
        return
    for update in found:
        at = session.screen.paint(moments.plain(update.at), "dim")
        session.screen.say(f"{at}  {update.kind.value:<8}  {flat(update.text)}")
