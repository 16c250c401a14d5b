"""`agent steer | note | priority`: words for a task that is there already."""

import click

from channels.cli.parameters import PRIORITY, as_json, examples, task_argument
from channels.cli.session import Session
from channels.cli.text import flat


@click.command("steer", epilog=examples('agent steer 3 "only the north region"'))
@task_argument
@click.argument("text", metavar='"TEXT"')
@as_json
@click.pass_obj
def steer(session: Session, task_id: int, text: str, as_json: bool) -> None:
    """Tell a task something that has not ended; it is heard at its next step."""
    run = session.act(lambda house: house.steer(task_id, text, session.owner))
    if as_json:
        session.screen.emit({"task": task_id, "run": run.id, "unheard": list(run.steer)})
    else:
        session.screen.say(f"Task {task_id} hears it at its next step")


@click.command("note", epilog=examples("agent note 3 customer ACME"))
@task_argument
@click.argument("key")
@click.argument("value")
@as_json
@click.pass_obj
def note(session: Session, task_id: int, key: str, value: str, as_json: bool) -> None:
    """Write one of a task's notes; a note of the same key is replaced."""
    key, value = (text.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for text in (key, value))
    session.act(lambda house: house.note(task_id, key, value))
    if as_json:
        session.screen.emit({"task": task_id, "notes": session.service.reads.notes(task_id)})
    else:
        session.screen.say(f"Noted for task {task_id}: {flat(key)}")


@click.command(
    "priority",
    epilog=examples("agent priority 3 10", "agent priority 3 -1"),
    context_settings={"ignore_unknown_options": True},
)
@task_argument
@click.argument("priority", metavar="P", type=PRIORITY)
@as_json
@click.pass_obj
def priority(session: Session, task_id: int, priority: int, as_json: bool) -> None:
    """Change a task's place in the queue; higher is first."""
    task = session.act(lambda house: house.prioritise(task_id, priority, session.owner))
    if as_json:
        session.screen.emit({"task": task_id, "priority": task.priority})
    else:
        session.screen.say(f"Task {task_id} has priority {task.priority}")
