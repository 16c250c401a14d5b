"""The second half of an undo or redo: the workspace is brought back, then that is recorded. It may be begun anew.

Whoever finds one that was cut off does this: recovery, before any worker can take the run, and the next undo.
"""

from daemon.domain.errors import NoSnapshot
from daemon.domain.failpoint import failpoint
from daemon.domain.run import Run
from daemon.domain.step import UNDO, Step, StepStatus
from daemon.domain.update import UpdateKind
from daemon.domain.visible import visible
from daemon.engine.snapshots import Snapshots
from daemon.store import audit, database, history, runs, steps
from daemon.store.home import Home


def finish(home: Home, run: Run, note: Step, now: float) -> Step:
    """Bring the workspace to where the note says and record it; gives the note as it then stands."""
    snapshots = Snapshots(home.run_folder(run.task_id, run.number))
    missing: tuple[str, ...] = ()
    problem = ""
    try:
        missing = tuple(visible(name) for name in snapshots.restore(note.input["to"]))
    except NoSnapshot as stopped:
        problem = str(stopped)
    failpoint("undo.restored")
    with database.transaction():
        if steps.get(home, run.id, note.seq).ended_at is None:
            _record(run, note, missing, problem, now)
    return steps.get(home, run.id, note.seq)


def _record(run: Run, note: Step, missing: tuple[str, ...], problem: str, now: float) -> None:
    text = _said(note, missing, problem)
    output = {"text": text, "missing": list(missing), "failed": bool(problem)}
    status = StepStatus.FAILED if problem else StepStatus.DONE
    steps.end(run, note.seq, status, steps.inline(output), now=now)
    history.add(run.task_id, run.id, UpdateKind.NOTE, text, now)
    detail = {"verb": note.name, "before": note.input["step"], "seq": note.seq, "problem": problem}
    audit.add(
        "undone" if note.name == UNDO else "redone", note.input["by"], detail, now, task_id=run.task_id, run_id=run.id
    )
    if not problem and not run.status.final:
        runs.add_steering(run.id, f"The owner changed the workspace: {text}")


def _said(note: Step, missing: tuple[str, ...], problem: str) -> str:
    which = f"step {note.input['step']} ({note.input['name']})"
    if problem:
        return f"The {note.name} of {which} did not work: {problem}"
    text = (
        f"Undone: the workspace is as it was before {which}."
        if note.name == UNDO
        else f"Redone: {which} is taken back."
    )
    outside = "".join(f" {said}" for said in note.input["outside"])
    lost = f" Not brought back, since they are no files: {', '.join(missing)}." if missing else ""
    return f"{text}{outside}{lost}"
