"""Every verb in every state, as STATES.md says."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from daemon.domain.effect import Effect
from daemon.domain.errors import InvalidState
from daemon.domain.run import Run, RunStatus, WaitingFor
from daemon.domain.task import Task
from daemon.engine.runner import Runner
from daemon.store import database, runs
from tests.daemon.engine.workbench import OWNER, ProbeTool, Workbench, calling, ending

Make = Callable[..., Workbench]
S = RunStatus


async def bring(b: Workbench, status: RunStatus, **more: Any) -> Task:
    """Bring a new task into a state by the real verbs."""
    goal = "unready" if status is S.WAITING else "do it"
    task = b.submit(goal, **more)
    if status is S.RUNNING:
        with database.transaction():
            runs.claim(task.run_id, "somebody", b.clock.now())
    elif status in (S.WAITING, S.DONE):
        await b.run(task.run_id)
    elif status is S.PAUSED:
        b.service.pause(task.id, OWNER)
    elif status is S.CANCELLED:
        b.service.cancel(task.id, OWNER)
    elif status is S.ERROR:
        with database.transaction():
            runs.move(task.run_id, S.RUNNING, b.clock.now())
            runs.move(task.run_id, S.ERROR, b.clock.now())
    assert b.service.reads.task(task.id).status is status
    return task


VERBS: dict[str, Callable[[Workbench, int], Run]] = {
    "pause": lambda b, task_id: b.service.pause(task_id, OWNER),
    "resume": lambda b, task_id: b.service.resume(task_id, OWNER),
    "cancel": lambda b, task_id: b.service.cancel(task_id, OWNER),
    "retry": lambda b, task_id: b.service.retry(task_id, OWNER),
    "steer": lambda b, task_id: b.service.steer(task_id, "look here", OWNER),
}
EXPECTED = {
    "pause": {S.PENDING: S.PAUSED, S.RUNNING: S.PAUSED, S.WAITING: S.PAUSED},
    "resume": {S.PAUSED: S.PENDING, S.WAITING: S.PENDING},
    "cancel": {S.PENDING: S.CANCELLED, S.RUNNING: S.CANCELLED, S.WAITING: S.CANCELLED, S.PAUSED: S.CANCELLED},
    "retry": {S.DONE: S.PENDING, S.ERROR: S.PENDING, S.CANCELLED: S.PENDING},
    "steer": {S.PENDING: S.PENDING, S.RUNNING: S.RUNNING, S.WAITING: S.WAITING, S.PAUSED: S.PAUSED},
}


@pytest.mark.parametrize("status", list(S))
@pytest.mark.parametrize("verb", list(VERBS))
async def test_a_verb_works_in_the_states_that_allow_it_and_says_so_in_the_others(
    bench: Make, verb: str, status: RunStatus
) -> None:
    b = bench([ending()])
    task = await bring(b, status)
    expected = EXPECTED[verb].get(status)
    if expected is not None:
        assert VERBS[verb](b, task.id).status is expected
        assert b.service.reads.task(task.id).status is expected
        return
    before = b.service.reads.history(task.id)
    with pytest.raises(InvalidState) as refused:
        VERBS[verb](b, task.id)
    assert f"Task {task.id} is {status}" in refused.value.message
    assert refused.value.fix.startswith("agent ")
    assert b.service.reads.history(task.id) == before


async def test_a_retry_is_another_run_with_a_folder_of_its_own_and_the_first_is_kept(bench: Make) -> None:
    b = bench([ending()])
    task = b.submit()
    await b.done(task)
    run = b.service.retry(task.id, OWNER)
    await b.run(run.id)
    assert [each.status for each in b.service.reads.runs(task.id)] == [S.DONE, S.DONE]
    assert b.home.run_folder(task.id, 1).is_dir()
    assert b.home.run_folder(task.id, 2).is_dir()


async def test_cancelling_withdraws_what_was_asked(bench: Make) -> None:
    b = bench([calling("push")], [ProbeTool("push", Effect.CHANGE)])
    task = b.submit()
    await b.done(task)
    asked = b.open_one()
    b.service.cancel(task.id, OWNER)
    with pytest.raises(InvalidState, match="withdrawn"):
        b.service.decide(asked.id, True, "", OWNER)


async def test_a_paused_run_that_asked_waits_again_when_resumed_and_keeps_an_answer_given_meanwhile(
    bench: Make,
) -> None:
    tool = ProbeTool("push", Effect.CHANGE)
    b = bench([calling("push"), ending()], [tool])
    task = b.submit()
    await b.done(task)
    b.service.pause(task.id, OWNER)
    assert b.service.resume(task.id, OWNER).waiting_for is WaitingFor.OWNER
    b.service.pause(task.id, OWNER)
    b.answer(True)
    assert b.service.reads.task(task.id).status is S.PAUSED
    assert b.service.resume(task.id, OWNER).status is S.PENDING
    await b.done(task)
    assert tool.invoked == ["x"]


async def test_the_panic_stop_pauses_everything_that_has_not_ended(bench: Make) -> None:
    b = bench([ending()])
    kept = [await bring(b, status) for status in (S.PENDING, S.RUNNING, S.WAITING)]
    ended = await bring(b, S.CANCELLED)
    assert {run.task_id for run in b.service.stop_all(OWNER)} == {task.id for task in kept}
    assert {b.service.reads.task(task.id).status for task in kept} == {S.PAUSED}
    assert b.service.reads.task(ended.id).status is S.CANCELLED


@pytest.mark.parametrize("verb", ["pause", "cancel"])
async def test_what_is_running_stops_at_once_when_it_is_paused_or_cancelled(bench: Make, verb: str) -> None:
    started = asyncio.Event()

    async def endless(_at: Any) -> None:
        started.set()
        await asyncio.Event().wait()

    b = bench([calling("look"), ending()], [ProbeTool("look", Effect.READ, during=endless)])
    task = b.submit()
    doing = asyncio.ensure_future(b.run(task.run_id))
    await started.wait()
    await b.parts.thread.call(VERBS[verb], b, task.id)
    run = await asyncio.wait_for(doing, 30)
    assert run is not None
    assert run.status in (S.PAUSED, S.CANCELLED)
    assert run.worker is None


async def test_an_effect_outside_is_let_end_and_recorded_when_its_run_is_paused(bench: Make) -> None:
    started, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_at: Any) -> None:
        started.set()
        await go_on.wait()

    tool = ProbeTool("push", Effect.CHANGE, during=slow)
    b = bench([calling("push", to="main"), ending()], [tool])
    task = b.submit("push to main")
    doing = asyncio.ensure_future(b.run(task.run_id))
    await started.wait()
    await b.parts.thread.call(b.service.pause, task.id, OWNER)
    go_on.set()
    await asyncio.wait_for(doing, 30)
    assert b.steps(task)[1].output["text"] == "push x"
    b.service.resume(task.id, OWNER)
    assert (await b.done(task)).status is S.DONE
    assert tool.invoked == ["x"]


async def test_the_queue_goes_by_priority_then_first_in_first_out_and_leaves_what_is_on_hold(bench: Make) -> None:
    b = bench([ending()])
    first, second = b.submit("1"), b.submit("2")
    urgent, held = b.submit("3", priority=5), b.submit("4", hold=True, priority=9)
    runner = Runner(b.parts, "daemon", 1)
    serving = asyncio.ensure_future(runner.serve())
    while not all(b.service.reads.task(task.id).status is S.DONE for task in (first, second, urgent)):
        await b.parts.thread.call(lambda: None)
    runner.stop()
    await serving
    runner.close()
    order = sorted((first.id, second.id, urgent.id), key=lambda task_id: _first(b, task_id))
    assert order == [urgent.id, first.id, second.id]
    assert b.service.reads.task(held.id).status is S.PENDING
    assert (await b.done(held)).status is S.DONE


def _first(b: Workbench, task_id: int) -> int:
    """Give the place of the line that says `running` in the common order of all histories."""
    return next(line.id for line in b.service.reads.history(task_id) if line.text == "running")


async def test_an_agent_that_is_not_ready_says_what_to_configure_once_and_waits(bench: Make) -> None:
    b = bench()
    task = b.submit("unready")
    run = await b.done(task)
    assert (run.status, run.waiting_for) == (S.WAITING, WaitingFor.MODEL)
    b.service.resume(task.id, OWNER)
    await b.run(task.run_id)
    assert b.messages(task) == ["notice"]


async def test_a_daemon_that_stops_parks_what_it_does_and_the_next_one_goes_on(bench: Make) -> None:
    started = asyncio.Event()
    endless = [True]

    async def first_time(_at: Any) -> None:
        started.set()
        if endless:
            await asyncio.Event().wait()

    tool = ProbeTool("look", Effect.READ, during=first_time)
    b = bench([calling("look"), ending()], [tool])
    task = b.submit()
    runner = Runner(b.parts, "daemon", 2)
    serving = asyncio.ensure_future(runner.serve())
    await started.wait()
    runner.stop()
    await serving
    runner.close()
    parked = b.service.reads.runs(task.id)[0]
    assert (parked.status, parked.worker, parked.attempt) == (S.PENDING, None, 0)
    endless.clear()
    assert (await b.done(task)).status is S.DONE
