"""Undo and redo: the workspace of a run is brought back to before a step, as a recorded step of its own (T12).

While that lasts no worker can take the run: it is held by a worker's lock, as a run that is worked on is. The intent is
written before the workspace is touched, so that after a kill it is finished by whoever finds it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from daemon.domain.errors import Fenced, InvalidState, NoSnapshot, NotFound
from daemon.domain.failpoint import failpoint
from daemon.domain.run import Run, RunStatus
from daemon.domain.step import REDO, UNDO, Step, StepKind, StepStatus
from daemon.domain.task import Task
from daemon.domain.turned_back import TurnedBack
from daemon.engine import recover, turn_back, workers
from daemon.engine.lineage import Lineage, lineage
from daemon.engine.snapshots import Snapshots
from daemon.store import database, runs, steps, tasks
from daemon.store.home import Home


def undo(home: Home, task_id: int, seq: int | None, by: str, now: float, most: int | None) -> TurnedBack:
    """Take the workspace of the newest run back to before the step `seq`, or before the last one that changed it.

    Raises InvalidState while the run is worked on or where there is nothing to undo, NotFound for a step that there is
    not, NoSnapshot where the snapshot is gone.
    """
    with _held(home, task_id, now) as (task, run):
        recorded = steps.of_run(home, run.id)
        snapshots = Snapshots(home.run_folder(task_id, run.number), most)
        before = _kept(snapshots)
        known = lineage(recorded, before or "")
        step = _chosen(task_id, recorded, known, seq)
        to = known.states[step.seq]
        if to == before:
            raise InvalidState(f"The workspace of task {task_id} is as it was before step {step.seq}.", "").worded(
                "error.undo_same", task=task_id
            )
        if not snapshots.has(to):
            raise _no_snapshot(task_id, recorded, known, snapshots, step)
        outside = _outside(recorded, step)
        folders = _folders(task, recorded, step)
        note = _begin(home, run, UNDO, step, to, before, _left(outside, folders), by, now)
        return _ended(home, run, note, now, TurnedBack(task_id, note, step, outside, folders))


def redo(home: Home, task_id: int, by: str, now: float, most: int | None) -> TurnedBack:
    """Take back the last undo that no later step has overtaken; raises InvalidState where there is none."""
    with _held(home, task_id, now) as (_, run):
        recorded = steps.of_run(home, run.id)
        snapshots = Snapshots(home.run_folder(task_id, run.number), most)
        before = _kept(snapshots)
        undone = lineage(recorded, before or "").undone
        if not undone:
            raise InvalidState(
                f"There is nothing to redo in task {task_id}: nothing was undone, or something was done since.",
                f"agent stream {task_id} shows what was done.",
            ).worded("error.redo_none", task=task_id)
        step = recorded[undone[-1].by - 1]
        if step.snapshot is None or not snapshots.has(step.snapshot):
            raise NoSnapshot(
                f"What step {step.seq} undid was not kept, or is not any more.", "It cannot be redone."
            ).worded("error.redo_lost", task=task_id)
        note = _begin(home, run, REDO, step, step.snapshot, before, (), by, now)
        return _ended(home, run, note, now, TurnedBack(task_id, note, step))


@contextmanager
def _held(home: Home, task_id: int, now: float) -> Iterator[tuple[Task, Run]]:
    """Keep all workers from the newest run of a task; an undo that was cut off is finished first."""
    lock = workers.WorkerLock(home.workers, "undo", 0)
    try:
        run = _hold(home, task_id, lock.id, now)
        try:
            yield tasks.get(task_id), run
        finally:
            with database.transaction():
                if runs.status_of(run.id).final:
                    steps.close_open(run.id, now)  # It was cancelled meanwhile.
                runs.release(run)
    finally:
        lock.close()


def _hold(home: Home, task_id: int, worker: str, now: float) -> Run:
    found = runs.get(tasks.get(task_id).run_id)
    if found.worker is not None and not workers.alive(home.workers, found.worker):
        recover.take_back(home, found.id, found.worker, now)
        found = runs.get(found.id)
    if found.status is RunStatus.RUNNING or found.worker is not None:
        raise _busy(found)
    if not home.run_folder(task_id, found.number).is_dir():
        raise InvalidState(f"Task {task_id} has no workspace yet; there is nothing to undo.", "").worded(
            "error.undo_none", task=task_id
        )
    try:
        with database.transaction():
            return runs.hold(found.id, worker)
    except Fenced as taken:
        raise _busy(runs.get(found.id)) from taken


def _busy(run: Run) -> InvalidState:
    return InvalidState(
        f"Task {run.task_id} is {run.status}, and somebody works on it: that must stop before anything is undone.",
        f"agent pause {run.task_id} first." if run.status is RunStatus.RUNNING else "Try again in a moment.",
    ).worded("error.busy", task=run.task_id)


def _kept(snapshots: Snapshots) -> str | None:
    """Keep the workspace as it is, for a redo; None where that is not possible."""
    try:
        taken = snapshots.take()
    except NoSnapshot:
        return None
    failpoint("snapshot.taken")
    return taken


def _chosen(task_id: int, recorded: Sequence[Step], known: Lineage, seq: int | None) -> Step:
    if seq is not None:
        if not 1 <= seq <= len(recorded):
            raise NotFound(
                f"Task {task_id} has no step {seq}; it has {len(recorded)}.",
                f"agent stream {task_id} shows them.",
            )
        return recorded[seq - 1]
    if not known.steps:
        raise InvalidState(
            f"No step of task {task_id} that stands has changed its workspace; there is nothing to undo.",
            f"agent stream {task_id} shows what was done.",
        ).worded("error.undo_none", task=task_id)
    return recorded[known.steps[-1] - 1]


def _no_snapshot(
    task_id: int, recorded: Sequence[Step], known: Lineage, snapshots: Snapshots, step: Step
) -> NoSnapshot:
    first = next((one for one in recorded if known.states[one.seq] and snapshots.has(known.states[one.seq])), None)
    return NoSnapshot(
        f"The workspace of task {task_id} as it was before step {step.seq} is not kept (any more).",
        f"Undo can go back to step {first.seq}: agent undo {task_id} {first.seq}"
        if first is not None
        else "files.snapshots in config.yaml says how much is kept.",
    ).worded("error.undo_lost", task=task_id)


def _outside(recorded: Sequence[Step], step: Step) -> tuple[Step, ...]:
    """Give the steps from this one on that left the house, unless they are known not to have happened."""
    return tuple(
        one
        for one in recorded[step.seq - 1 :]
        if one.effect is not None and one.effect.leaves_the_house and one.status is not StepStatus.FAILED
    )


def _folders(task: Task, recorded: Sequence[Step], step: Step) -> tuple[str, ...]:
    """Give the owner's folders that steps could write to, where any step from this one on may have done so."""
    worked = any(one.snapshot is not None and not one.turns_back for one in recorded[step.seq - 1 :])
    return tuple(folder.path for folder in task.folders if folder.writable and worked)


def _left(outside: Sequence[Step], folders: Sequence[str]) -> tuple[str, ...]:
    said = [f"Not undone: step {one.seq} ({one.name}), which left the house." for one in outside]
    return (*said, *(f"Not undone: what was changed in {path}." for path in folders))


def _begin(
    home: Home,
    run: Run,
    verb: str,
    step: Step,
    to: str,
    before: str | None,
    outside: tuple[str, ...],
    by: str,
    now: float,
) -> Step:
    given = {"step": step.seq, "name": step.name, "to": to, "outside": list(outside), "by": by}
    with database.transaction():
        runs.fence_outcome(run)
        seq = steps.begin(run, StepKind.NOTE, verb, steps.inline(given), now=now, snapshot=before)
    failpoint("undo.began")
    return steps.get(home, run.id, seq)


def _ended(home: Home, run: Run, note: Step, now: float, said: TurnedBack) -> TurnedBack:
    ended = turn_back.finish(home, run, note, now)
    if ended.status is StepStatus.FAILED:
        raise NoSnapshot(ended.output["text"], f"agent undo {run.task_id} can be tried again.").worded(
            "error.undo_failed", task=run.task_id, why=ended.output["text"]
        )
    return replace(said, note=ended, missing=tuple(ended.output["missing"]))
