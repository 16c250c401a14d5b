"""What a crash leaves of a step, by its effect (STATES.md)."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from daemon.domain.approval import ApprovalKind
from daemon.domain.call import Happened, ToolCall
from daemon.domain.effect import Effect
from daemon.domain.limits import Usage
from daemon.domain.ports import Circumstances
from daemon.domain.run import RunStatus
from daemon.domain.step import StepKind, StepStatus
from daemon.domain.task import Folder, Task
from daemon.engine import intent, workspace
from daemon.engine.recover import recover
from daemon.engine.snapshots import Snapshots
from daemon.store import database, ledger, runs, steps
from tests.daemon.engine.workbench import OWNER, ProbeTool, Workbench, allow, calling, ending

Make = Callable[..., Workbench]


def crash_in_the_call(b: Workbench, tool: ProbeTool, *, kept: bool = False, **more: Any) -> Task:
    """Leave a run as a worker does that is killed while the tool works: intent committed, no outcome.

    Where it is `kept` there is a snapshot with the file `before`, in whose place the tool has left `half of it`.
    """
    task = b.submit(**more)
    with database.transaction():
        run = runs.claim(task.run_id, "dead-worker", b.clock.now())
        seq = steps.begin(run, StepKind.MODEL, "fast", steps.inline({}), now=b.clock.now())
        value = {"text": "", "calls": [{"id": "0", "tool": tool.name, "arguments": {"text": "x"}}]}
        steps.end(run, seq, StepStatus.DONE, steps.inline(value), now=b.clock.now())
    snapshot = _half_done(workspace.make(b.home, task, run)) if kept else None
    call = ToolCall("c00001001", tool.name, {"text": "x"})
    opened = intent.open_call(
        run,
        call,
        tool.effect_class,
        steps.inline({"tool": tool.name, "arguments": {"text": "x"}}),
        Usage(steps=1, money=5),
        b.parts.limits,
        b.clock.now(),
        approval_id=None,
        why={},
        snapshot=snapshot,
    )
    assert opened == 2
    return task


def _half_done(folder: Path) -> str:
    (folder / "output" / "before").write_text("before")
    taken = Snapshots(folder).take()
    (folder / "output" / "before").rename(folder / "output" / "half of it")
    return taken


@pytest.mark.parametrize("effect", [Effect.READ, Effect.FETCH])
async def test_what_only_looks_is_repeated(bench: Make, effect: Effect) -> None:
    tool = ProbeTool("look", effect)
    b = bench([calling("look"), ending()], [tool])
    task = crash_in_the_call(b, tool)
    assert (await b.done(task)).status is RunStatus.DONE
    assert tool.invoked == ["x"]


INSIDE = pytest.mark.parametrize("effect", [Effect.COMPUTE, Effect.WRITE])


@INSIDE
async def test_the_workspace_is_brought_back_and_what_changed_it_is_repeated(bench: Make, effect: Effect) -> None:
    found: list[list[str]] = []

    async def look(at: Circumstances) -> None:
        found.append(sorted(path.name for path in (at.workspace / "output").iterdir()))

    tool = ProbeTool("make", effect, during=look)
    b = bench([calling("make"), ending()], [tool])
    task = crash_in_the_call(b, tool, kept=True)
    output = b.home.run_folder(task.id, 1) / "output"
    assert sorted(path.name for path in output.iterdir()) == ["half of it"]
    assert (await b.done(task)).status is RunStatus.DONE
    assert tool.invoked == ["x"]
    assert found == [["before"]]


@INSIDE
async def test_without_a_snapshot_the_model_is_told_and_nothing_is_repeated(bench: Make, effect: Effect) -> None:
    tool = ProbeTool("make", effect)
    b = bench([calling("make"), ending()], [tool])
    task = crash_in_the_call(b, tool)
    assert (await b.done(task)).status is RunStatus.DONE
    assert tool.invoked == []
    assert "Cut off by a restart; partial" in b.steps(task)[1].output["text"]


@INSIDE
async def test_where_the_snapshot_is_gone_the_model_is_told(bench: Make, effect: Effect) -> None:
    tool = ProbeTool("make", effect)
    b = bench([calling("make"), ending()], [tool])
    task = crash_in_the_call(b, tool, kept=True)
    shutil.rmtree(b.home.task_folder(task.id) / "run-1.snapshots")
    assert (await b.done(task)).status is RunStatus.DONE
    assert tool.invoked == []
    assert (b.home.run_folder(task.id, 1) / "output" / "half of it").exists()
    assert "Cut off by a restart; partial" in b.steps(task)[1].output["text"]


async def test_a_program_that_could_write_to_a_folder_of_the_owners_is_not_repeated(
    bench: Make, tmp_path: Path
) -> None:
    tool = ProbeTool("make", Effect.COMPUTE)
    b = bench([calling("make"), ending()], [tool])
    task = crash_in_the_call(b, tool, kept=True, folders=(Folder(str(tmp_path), writable=True),))
    assert (await b.done(task)).status is RunStatus.DONE
    assert tool.invoked == []


async def test_what_was_undone_after_it_was_cut_off_is_not_done_again(bench: Make) -> None:
    tool = ProbeTool("make", Effect.WRITE)
    b = bench([calling("make"), ending()], [tool])
    task = crash_in_the_call(b, tool, kept=True)
    assert b.service.undo(task.id, None, OWNER).step.seq == 2
    assert (await b.done(task)).status is RunStatus.DONE
    assert tool.invoked == []
    assert "took the workspace back" in b.steps(task)[1].output["text"]
    assert [path.name for path in (b.home.run_folder(task.id, 1) / "output").iterdir()] == ["before"]


@pytest.mark.parametrize("effect", [Effect.SEND, Effect.CHANGE])
@pytest.mark.parametrize(("happened", "invoked"), [(Happened.DONE, 0), (Happened.NOT_DONE, 1)])
async def test_the_tools_own_check_decides_about_what_went_out(
    bench: Make, effect: Effect, happened: Happened, invoked: int
) -> None:
    tool = ProbeTool("push", effect, happened=happened)
    b = bench([calling("push"), ending()], [tool], rules=[allow("push")])
    task = crash_in_the_call(b, tool)
    assert (await b.done(task)).status is RunStatus.DONE
    assert len(tool.invoked) == invoked
    assert tool.checked == 1
    assert b.messages(task) == ["result"], "nobody was asked"


@pytest.mark.parametrize(("yes", "invoked"), [(True, 1), (False, 0)])
async def test_what_nobody_knows_is_asked_once_and_the_answer_holds(bench: Make, yes: bool, invoked: int) -> None:
    tool = ProbeTool("push", Effect.CHANGE)
    b = bench([calling("push"), ending()], [tool], rules=[allow("push")])
    task = crash_in_the_call(b, tool)
    assert (await b.done(task)).status is RunStatus.WAITING
    assert b.open_one().kind is ApprovalKind.UNKNOWN
    assert b.steps(task)[1].status is StepStatus.UNKNOWN
    b.answer(yes)
    assert (await b.done(task)).status is RunStatus.DONE
    assert len(tool.invoked) == invoked
    assert b.messages(task) == ["approval", "result"]


async def test_a_second_crash_before_the_answer_asks_no_second_time(bench: Make) -> None:
    tool = ProbeTool("push", Effect.CHANGE)
    b = bench([calling("push"), ending()], [tool], rules=[allow("push")])
    task = crash_in_the_call(b, tool)
    await b.done(task)
    asked = b.open_one()
    b.service.pause(task.id, OWNER)
    b.service.resume(task.id, OWNER)
    assert b.open_one() == asked


async def test_a_model_call_that_was_cut_off_is_asked_again_and_its_reservation_stays_spent(bench: Make) -> None:
    b = bench([ending()], price=7)
    task = b.submit()
    with database.transaction():
        run = runs.claim(task.run_id, "dead-worker", b.clock.now())
    reserved = Usage(steps=1, model_calls=1, money=7)
    opened = intent.open_model_call(run, "fast", steps.inline({}), "", reserved, b.parts.limits, b.clock.now())
    assert opened == 1
    run = await b.done(task)
    assert run.status is RunStatus.DONE
    assert [step.status for step in b.steps(task)] == ["unknown", "done", "done"]
    assert run.usage.money == 7
    assert run.usage.model_calls == 2
    assert ledger.spent(ledger.scopes(b.clock.now())[0])[0].money == 7


async def test_three_crashes_at_the_same_place_end_the_run_and_say_so(bench: Make) -> None:
    b = bench([ending()])
    task = b.submit()
    for attempt in (1, 2, 3):
        with database.transaction():
            runs.claim(task.run_id, "dead-worker", b.clock.now())
        (run,) = recover(b.home, 3, b.clock.now())
        assert run.attempt == attempt
    assert run.status is RunStatus.ERROR
    assert "cut off 3 times" in (run.error or "")
    assert b.messages(task) == ["result"]


async def test_a_new_step_between_two_crashes_is_progress(bench: Make) -> None:
    b = bench([ending()])
    task = b.submit()
    for _ in range(5):
        with database.transaction():
            run = runs.claim(task.run_id, "dead-worker", b.clock.now())
            seq = steps.begin(run, StepKind.NOTE, "n", steps.inline({}), now=b.clock.now())
            steps.end(run, seq, StepStatus.DONE, steps.inline({}), now=b.clock.now())
        (run,) = recover(b.home, 3, b.clock.now())
        assert (run.status, run.attempt) == (RunStatus.PENDING, 1)


async def test_a_worker_that_was_taken_for_dead_can_write_nothing_more(bench: Make) -> None:
    tool = ProbeTool("look", Effect.READ)
    b = bench([calling("look")], [tool])
    task = crash_in_the_call(b, tool)
    old = runs.get(task.run_id)
    recover(b.home, 3, b.clock.now())
    with pytest.raises(Exception, match="taken over"), database.transaction():
        runs.fence_outcome(old)
