"""The end of a run: result files first, then one transaction with the status, the result message and the counters."""

import asyncio
from pathlib import Path

from daemon.domain.blob import Blob
from daemon.domain.ended import Failed, Finished
from daemon.domain.errors import BadInput
from daemon.domain.failpoint import failpoint
from daemon.domain.message import OutgoingKind
from daemon.domain.run import Run, RunStatus
from daemon.domain.task import Task
from daemon.engine import workspace
from daemon.engine.intent import run_actor
from daemon.engine.parts import Parts
from daemon.engine.queue_message import queue
from daemon.store import approvals, audit, blobs, daily, database, runs, search, steps


async def end(
    parts: Parts, task: Task, run: Run, folder: Path, ended: Finished | Failed, agent: str, *, listens: bool
) -> None:
    """Write how a run ended; a promised file that cannot be taken makes it an error.

    One that `listens` goes on where the owner said something that nobody has read yet.
    """
    files: tuple[Blob, ...] = ()
    if isinstance(ended, Finished):
        ended = Finished(parts.redact.text(ended.text), parts.redact.value(ended.files))
        try:
            files = await asyncio.to_thread(workspace.collect, parts.home, folder, ended.files)
        except BadInput as problem:
            ended = Failed(str(problem))
    if isinstance(ended, Failed):
        ended = Failed(parts.redact.text(ended.reason))
    failpoint("finish.files_kept")
    await parts.thread.call(_record, parts, task, run, ended, files, agent, listens)
    failpoint("finish.recorded")
    parts.wake.ring()


def _record(
    parts: Parts,
    task: Task,
    run: Run,
    ended: Finished | Failed,
    files: tuple[Blob, ...],
    agent: str,
    listens: bool,
) -> None:
    now = parts.clock.now()
    with database.transaction():
        runs.fence(run)
        if listens and isinstance(ended, Finished) and runs.steered(run.id):
            runs.move(run.id, RunStatus.PENDING, now, why="the owner said something meanwhile")
            return
        steps.close_open(run.id, now)
        for blob in files:
            blobs.record(parts.home, blob.digest, blob.size)
        runs.set_files(run.id, files)
        _write(task, run, ended, files, now)
        daily.add_run(agent, _status(ended), now - (run.started_at or now), now)


def _status(ended: Finished | Failed) -> RunStatus:
    return RunStatus.DONE if isinstance(ended, Finished) else RunStatus.ERROR


def _write(task: Task, run: Run, ended: Finished | Failed, files: tuple[Blob, ...], now: float) -> None:
    text = ended.text if isinstance(ended, Finished) else ended.reason
    columns = {"result": text, "percent": 100} if isinstance(ended, Finished) else {"error": text}
    why = "" if isinstance(ended, Finished) else text
    approvals.withdraw(run.id, now)
    runs.move(run.id, _status(ended), now, why=why, **columns)
    search.add_result(task.id, text)
    message = text if isinstance(ended, Finished) else f"It did not work: {text}"
    queue(task, OutgoingKind.RESULT, message, now, files=files, run_id=run.id, once=f"end:{run.id}")
    audit.add(
        "ended",
        run_actor(run),
        {"status": _status(ended), "files": [[blob.name, blob.digest] for blob in files]},
        now,
        task_id=task.id,
        run_id=run.id,
    )
