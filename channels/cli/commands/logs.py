"""`agent logs`: what happened to a task, in order."""

import click

from channels.cli import facts, moments
from channels.cli.parameters import as_json, examples, task_argument
from channels.cli.prose import timed
from channels.cli.session import Session
from channels.cli.task_words import messages, updates
from channels.cli.text import flat


@click.command("logs", epilog=examples("agent logs 3", "agent logs 3 --json"))
@task_argument
@as_json
@click.pass_obj
def logs(session: Session, task_id: int, as_json: bool) -> None:
    """Show the history of a task: status, progress, notes, questions, answers and messages of all its runs."""
    reads = session.service.reads
    reads.task(task_id)
    found = updates(session.service, task_id)
    written = [one for run in reads.runs(task_id) for one in messages(session.service, run)]
    if as_json:
        session.screen.emit(
            {
                "task": task_id,
                "history": [facts.update(update) for update in found],
                "messages": [facts.message(one) for one in written],
            }
        )
        return
    lines = [(update.at, update.kind.value, update.text) for update in found]
    lines += [(one.created_at, one.kind.value, one.text) for one in written]
    for at, kind, text in sorted(lines, key=lambda line: line[0]):
        if session.screen.terminal:
            session.screen.say(timed(session.screen, at, f"{kind}: {text}"))
        else:
            session.screen.say(f"{moments.plain(at)}  {kind:<8}  {flat(text)}")
