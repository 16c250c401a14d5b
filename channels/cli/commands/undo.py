"""`agent undo | redo`: the files of a task as they were before a step, and back again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from channels.cli import facts
from channels.cli.parameters import as_json, examples, task_argument
from channels.cli.text import flat

if TYPE_CHECKING:
    from channels.cli.session import Session
    from daemon.domain.turned_back import TurnedBack


@click.command("undo", epilog=examples("agent undo 3          the last step that changed files", "agent undo 3 12"))
@task_argument
@click.argument("step", metavar="[STEP]", type=click.IntRange(min=1), required=False)
@as_json
@click.pass_obj
def undo(session: Session, task_id: int, step: int | None, as_json: bool) -> None:
    """Bring the files of a task's newest run back to how they were before a step.

    Without STEP, before the last step that changed them; again, before the one before that. `agent stream N` shows the
    steps. What has left the house cannot be undone; it is listed. Results that were sent stay as they were sent.
    """
    done = session.act(lambda house: house.undo(task_id, step, session.owner))
    if as_json:
        session.screen.emit(_facts(done))
        return
    session.screen.say(
        f"Task {task_id}: the files are as they were before step {done.step.seq} ({flat(done.step.name)})"
    )
    for one in done.outside:
        session.screen.say(f"Not undone, since it left the house: step {one.seq} ({flat(one.name)})")
    for path in done.folders:
        session.screen.say(f"Not undone: what was changed in {flat(path)}")
    for name in done.missing:
        session.screen.say(f"Not brought back, since it is no file: {flat(name)}")
    session.screen.advise(f"agent redo {task_id} takes this back")


@click.command("redo", epilog=examples("agent redo 3"))
@task_argument
@as_json
@click.pass_obj
def redo(session: Session, task_id: int, as_json: bool) -> None:
    """Take back the last undo, unless something was done since."""
    done = session.act(lambda house: house.redo(task_id, session.owner))
    if as_json:
        session.screen.emit(_facts(done))
        return
    session.screen.say(f"Task {task_id}: the files are as they were before the undo of step {done.step.input['step']}")
    for name in done.missing:
        session.screen.say(f"Not brought back, since it is no file: {flat(name)}")


def _facts(done: TurnedBack) -> dict[str, object]:
    return {
        "task": done.task_id,
        "step": facts.step(done.note),
        "before": done.step.seq,
        "outside": [facts.step(one) for one in done.outside],
        "folders": list(done.folders),
        "missing": list(done.missing),
    }
