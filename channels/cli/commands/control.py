"""`agent pause | resume | cancel | retry | stop`: the owner's hand on a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from channels.cli import facts
from channels.cli.amounts import counted
from channels.cli.parameters import TASK, as_json, examples, task_argument

if TYPE_CHECKING:
    from channels.cli.session import Session
    from daemon.domain.run import Run


@click.command("pause", epilog=examples("agent pause 3"))
@task_argument
@as_json
@click.pass_obj
def pause(session: Session, task_id: int, as_json: bool) -> None:
    """Pause a task; a step that has an effect outside is let end."""
    run = session.act(lambda house: house.pause(task_id, session.owner))
    _tell(session, run, f"Task {task_id} is paused", f"agent resume {task_id} lets it go on", as_json)


@click.command("resume", epilog=examples("agent resume 3", "agent resume 3 && agent run --task 3"))
@task_argument
@as_json
@click.pass_obj
def resume(session: Session, task_id: int, as_json: bool) -> None:
    """Let a paused task go on, or one that waits for a model try again."""
    run = session.act(lambda house: house.resume(task_id, session.owner))
    _tell(session, run, f"Task {task_id} is {run.status.value}", _who(session, run), as_json)


@click.command("cancel", epilog=examples("agent cancel 3"))
@task_argument
@as_json
@click.pass_obj
def cancel(session: Session, task_id: int, as_json: bool) -> None:
    """End a task without a result, and withdraw what it asked."""
    run = session.act(lambda house: house.cancel(task_id, session.owner))
    _tell(session, run, f"Task {task_id} is cancelled", f"agent retry {task_id} runs it again", as_json)


@click.command("retry", epilog=examples("agent retry 3"))
@task_argument
@as_json
@click.pass_obj
def retry(session: Session, task_id: int, as_json: bool) -> None:
    """Run a task again that has ended, from its beginning."""
    run = session.act(lambda house: house.retry(task_id, session.owner))
    _tell(session, run, f"Task {task_id} is pending again (run {run.number})", _who(session, run), as_json)


@click.command("stop", epilog=examples("agent stop 3", "agent stop --all"))
@click.argument("task_id", metavar="[N]", type=TASK, required=False)
@click.option("--all", "everything", is_flag=True, help="Everything that is pending, running or waiting.")
@as_json
@click.pass_obj
def stop(session: Session, task_id: int | None, everything: bool, as_json: bool) -> None:
    """Pause a task, or everything at once: nothing is lost, and `agent resume N` lets it go on."""
    if everything == (task_id is not None):
        raise click.UsageError("Stop what? agent stop 3, or agent stop --all")
    if everything:
        stopped = session.act(lambda house: house.stop_all(session.owner))
    else:
        stopped = [session.act(lambda house: house.pause(task_id or 0, session.owner))]
    if as_json:
        session.screen.emit({"stopped": [{"task": run.task_id, "run": run.id} for run in stopped]})
        return
    numbers = ", ".join(str(run.task_id) for run in stopped)
    session.screen.say(f"Stopped {counted(len(stopped), 'task')}{': ' if numbers else ''}{numbers}")
    if stopped:
        session.screen.advise(f"agent resume {stopped[0].task_id} lets it go on")


def _tell(session: Session, run: Run, said: str, advice: str, as_json: bool) -> None:
    if as_json:
        session.screen.emit({"task": run.task_id, "run": facts.run(session.service, run)})
        return
    session.screen.say(said)
    if advice:
        session.screen.advise(advice)


def _who(session: Session, run: Run) -> str:
    return "" if session.moves(run) else f"agent run --task {run.task_id} does it now"
