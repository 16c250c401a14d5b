"""Undo and redo of real runs: when they are refused, what they say, what the model hears, and what stays."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from daemon.domain.effect import Effect
from daemon.domain.errors import InvalidState, NoSnapshot, NotFound
from daemon.domain.ports import Circumstances
from daemon.domain.run import RunStatus
from daemon.domain.task import Folder, Task
from daemon.engine.runner import Runner
from daemon.engine.workers import WorkerLock
from daemon.store import audit, blobs, database, runs, steps
from tests.daemon.engine.workbench import OWNER, ProbeTool, Reply, Workbench, allow, calling

Make = Callable[..., Workbench]
END = Reply(("finish", {"result": "done", "files": ["made.txt"]}))


def writing(name: str = "make") -> ProbeTool:
    """A tool that adds a line to output/made.txt."""

    async def write(at: Circumstances) -> None:
        with (at.workspace / "output" / "made.txt").open("a") as file:
            file.write("a line\n")

    return ProbeTool(name, Effect.WRITE, during=write)


async def two_lines(bench: Make, **more: Any) -> tuple[Workbench, Task]:
    """A run that wrote, sent, wrote and ended: steps 2, 4 and 6, with the model's between."""
    tools = [writing(), writing("again"), ProbeTool("push", Effect.CHANGE)]
    b = bench([calling("make"), calling("push"), calling("again"), END], tools, rules=[allow("push")])
    task = b.submit(**more)
    assert (await b.done(task)).status is RunStatus.DONE
    return b, task


def made(b: Workbench, task: Task) -> Path:
    return b.home.run_folder(task.id, 1) / "output" / "made.txt"


def notes(b: Workbench, task: Task) -> list[str]:
    return [line.text for line in b.service.reads.history(task.id) if line.kind == "note"]


async def test_each_step_that_may_change_the_workspace_has_a_snapshot_and_the_same_one_if_it_did_not(
    bench: Make,
) -> None:
    b, task = await two_lines(bench)
    kept = {step.name: step.snapshot for step in b.steps(task) if step.kind == "tool"}
    assert kept["push"] is None
    assert None not in (kept["make"], kept["again"], kept["finish"])
    assert len({kept["make"], kept["again"], kept["finish"]}) == 3
    assert {step.snapshot for step in b.steps(task) if step.kind == "model"} == {None}


async def test_a_step_is_undone_and_what_left_the_house_is_listed(bench: Make) -> None:
    b, task = await two_lines(bench)
    done = b.service.undo(task.id, None, OWNER)
    assert (done.step.name, [step.name for step in done.outside]) == ("again", [])
    assert made(b, task).read_text() == "a line\n"
    done = b.service.undo(task.id, None, OWNER)
    assert (done.step.name, [step.name for step in done.outside]) == ("make", ["push"])
    assert not made(b, task).exists()
    assert (done.note.kind, done.note.name, done.note.status) == ("note", "undo", "done")
    with pytest.raises(InvalidState, match="nothing to undo"):
        b.service.undo(task.id, None, OWNER)
    assert "Not undone: step 4 (push)" in notes(b, task)[-1]
    assert [entry.kind for entry in audit.entries(task.id)][-2:] == ["undone", "undone"]
    assert audit.broken() is None


async def test_redo_takes_undos_back_until_a_new_step(bench: Make) -> None:
    b, task = await two_lines(bench)
    for _ in range(2):
        b.service.undo(task.id, None, OWNER)
    b.service.redo(task.id, OWNER)
    assert made(b, task).read_text() == "a line\n"
    b.service.redo(task.id, OWNER)
    assert made(b, task).read_text() == "a line\n" * 2
    with pytest.raises(InvalidState, match="nothing to redo"):
        b.service.redo(task.id, OWNER)
    assert b.service.undo(task.id, None, OWNER).step.name == "again"


async def test_results_that_were_sent_stay_as_they_were(bench: Make) -> None:
    b, task = await two_lines(bench)
    (blob,) = b.service.reads.run(task.run_id).files
    run = b.service.reads.run(task.run_id)
    assert b.service.result_path(run, "made.txt") == made(b, task)
    b.service.undo(task.id, None, OWNER)
    assert made(b, task).read_text() == "a line\n"
    assert b.service.result_path(run, "made.txt") == blobs.path_of(b.home, blob.digest)
    assert b.service.result_path(run, "made.txt").read_text() == "a line\n" * 2
    b.service.redo(task.id, OWNER)
    assert b.service.result_path(run, "made.txt") == made(b, task)


async def test_the_model_is_told_when_the_run_goes_on(bench: Make) -> None:
    b = bench([calling("make"), calling("push"), END], [writing(), ProbeTool("push", Effect.CHANGE)])
    task = b.submit()
    assert (await b.done(task)).status is RunStatus.WAITING
    b.service.undo(task.id, None, OWNER)
    b.answer(False)
    await b.done(task)
    (told,) = [step.input["text"] for step in b.steps(task) if step.kind == "steer"]
    assert "The owner changed the workspace: Undone" in told


async def test_while_somebody_works_on_it_nothing_is_undone(bench: Make) -> None:
    refused: list[InvalidState] = []

    async def undo_meanwhile(at: Circumstances) -> None:
        with pytest.raises(InvalidState) as found:
            await b.parts.thread.call(b.service.undo, at.task.id, None, OWNER)
        refused.append(found.value)

    b = bench(
        [calling("make"), calling("look"), Reply(("finish", {"result": "x"}))],
        [writing(), ProbeTool("look", Effect.READ, during=undo_meanwhile)],
    )
    task = b.submit()
    assert (await b.done(task)).status is RunStatus.DONE
    (said,) = refused
    assert "running" in said.message
    assert f"agent pause {task.id}" in said.fix
    assert made(b, task).read_text() == "a line\n"


async def test_while_something_is_undone_nobody_takes_the_run(bench: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    b = bench([calling("make"), calling("push"), END], [writing(), ProbeTool("push", Effect.CHANGE)])
    task = b.submit()
    await b.done(task)
    b.answer(False)
    taken: list[int | None] = []
    real = steps.begin

    def begin(*given: object, **more: object) -> int:
        taken.append(runs.next_pending(held=True))
        return real(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(steps, "begin", begin)
    assert runs.next_pending() == task.run_id
    b.service.undo(task.id, None, OWNER)
    assert taken == [None]
    assert runs.next_pending() == task.run_id


async def test_a_step_that_there_is_not_is_named(bench: Make) -> None:
    b, task = await two_lines(bench)
    with pytest.raises(NotFound, match="no step 99"):
        b.service.undo(task.id, 99, OWNER)
    with pytest.raises(InvalidState, match="no workspace yet"):
        b.service.undo(b.submit().id, None, OWNER)


async def test_the_earliest_step_that_is_still_kept_is_named(bench: Make) -> None:
    b, task = await two_lines(bench)
    kept = {step.name: step.snapshot for step in b.steps(task) if step.snapshot}
    (b.home.task_folder(task.id) / "run-1.snapshots" / "roots" / str(kept["make"])).unlink()
    again = next(step.seq for step in b.steps(task) if step.name == "again")
    with pytest.raises(NoSnapshot, match="is not kept") as refused:
        b.service.undo(task.id, 2, OWNER)
    # Between the two a step that changes nothing begins as the second does.
    assert f"agent undo {task.id} {again - 3}" in refused.value.fix
    assert made(b, task).read_text() == "a line\n" * 2


async def test_a_workspace_that_is_too_large_is_said_once_and_the_run_goes_on(bench: Make) -> None:
    b = bench([calling("make"), calling("make", "y"), END], [writing()])
    b.use(snapshots=1024)
    task = b.submit()
    assert (await b.done(task)).status is RunStatus.DONE
    (said,) = notes(b, task)
    assert "cannot be undone" in said
    assert "files.snapshots" in said
    assert {step.snapshot for step in b.steps(task)} == {None}


async def test_the_owners_folders_are_listed_and_left(bench: Make, tmp_path: Path) -> None:
    b, task = await two_lines(bench, folders=(Folder(str(tmp_path), writable=True),))
    assert b.service.undo(task.id, None, OWNER).folders == (str(tmp_path),)


async def test_names_of_any_bytes_can_be_said(bench: Make) -> None:
    b, task = await two_lines(bench)
    odd = made(b, task).with_name(os.fsdecode(b"pipe-\xff"))
    os.mkfifo(odd)
    b.service.undo(task.id, 2, OWNER)
    os.mkfifo(odd)
    assert b.service.redo(task.id, OWNER).missing == ()
    b.service.undo(task.id, 2, OWNER)
    (missing,) = b.service.redo(task.id, OWNER).missing
    assert missing.startswith("output/pipe-")
    missing.encode()


async def test_forgetting_takes_the_snapshots_with_it(bench: Make) -> None:
    b, task = await two_lines(bench)
    folder = b.home.task_folder(task.id) / "run-1.snapshots"
    assert folder.is_dir()
    b.service.forget(task.id, OWNER)
    assert not folder.exists()


async def test_what_was_cancelled_while_it_was_undone_has_nothing_open(bench: Make) -> None:
    b = bench([calling("make"), Reply(("ask_owner", {"question": "?"})), END], [writing()])
    task = b.submit()
    assert (await b.done(task)).status is RunStatus.WAITING
    lock = WorkerLock(b.home.workers, "undo", 0)
    with database.transaction():
        run = runs.hold(task.run_id, lock.id)
    b.service.cancel(task.id, OWNER)
    assert [step.status for step in b.steps(task)][-1] == "started"
    lock.close()
    with database.transaction():
        assert runs.get(run.id).worker == lock.id
    runner = Runner(b.parts, "terminal", 1)
    await runner.do_one(None)
    runner.close()
    assert [step.status for step in b.steps(task)][-1] == "unknown"
