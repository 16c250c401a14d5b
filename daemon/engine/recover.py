"""After a crash: what dead workers left is taken up again. Recovery queues, it does not execute."""

from daemon.domain.failpoint import failpoint
from daemon.domain.message import OutgoingKind
from daemon.domain.run import Run, RunStatus
from daemon.engine import turn_back, workers
from daemon.engine.queue_message import queue
from daemon.store import approvals, audit, daily, database, runs, search, steps, tasks
from daemon.store.home import Home


def recover(home: Home, most_attempts: int, now: float) -> list[Run]:
    """Take runs away from workers that are gone; gives these runs.

    A run that was cut off `most_attempts` times without a new step in between ends in error and says so.
    """
    failpoint("recover.began")
    taken = []
    for run_id, worker in runs.held_by_workers():
        if workers.alive(home.workers, worker):
            continue
        run = take_back(home, run_id, worker, now, most_attempts)
        if run is not None:
            taken.append(run)
    return taken


def take_back(home: Home, run_id: int, worker: str, now: float, most_attempts: int | None = None) -> Run | None:
    """Take a run away from a worker that is gone; gives the run, or None where somebody else was quicker.

    An undo that was cut off is finished before: as long as the run is held nobody else works in its workspace.
    """
    undo = steps.open_undo(home, run_id)
    if undo is not None:
        turn_back.finish(home, runs.get(run_id), undo, now)
    with database.transaction():
        if (run_id, worker) not in runs.held_by_workers():
            return None
        run = runs.abandon(run_id, steps.done(run_id), now)
        if run.status.final:
            steps.close_open(run_id, now)
        audit.add("recovered", "clock", {"attempt": run.attempt}, now, task_id=run.task_id, run_id=run.id)
        if most_attempts is not None and run.attempt >= most_attempts and run.status is RunStatus.PENDING:
            run = _give_up(run, most_attempts, now)
        return run


def _give_up(run: Run, most_attempts: int, now: float) -> Run:
    reason = f"It was cut off {most_attempts} times at the same place. agent retry {run.task_id} tries it again."
    task = tasks.get(run.task_id)
    plan = runs.plan_of(run.id)
    approvals.withdraw(run.id, now)
    steps.close_open(run.id, now)
    search.add_result(task.id, reason)
    queue(task, OutgoingKind.RESULT, f"It did not work: {reason}", now, run_id=run.id, once=f"end:{run.id}")
    daily.add_run(plan[0] if plan else "", RunStatus.ERROR, 0.0, now)
    # Through running, since only a run that runs can fail (STATES.md).
    runs.move(run.id, RunStatus.RUNNING, now, why="for the last time")
    return runs.move(run.id, RunStatus.ERROR, now, why=reason, error=reason)
