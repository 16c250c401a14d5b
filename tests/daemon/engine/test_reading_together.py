"""Calls of one reply that only read are made at the same time (W11)."""

import asyncio
import gc
from collections.abc import Callable
from typing import Any

from daemon.domain.call import Outcome
from daemon.domain.effect import Effect, Label
from daemon.domain.errors import ToolError
from daemon.domain.limits import Limits, Usage
from daemon.domain.ports import Circumstances
from daemon.domain.rules import Rule, Verdict
from daemon.domain.run import RunStatus, WaitingFor
from daemon.domain.step import StepStatus
from daemon.settings.sections import LimitSettings
from tests.daemon.engine.workbench import ProbeTool, Reply, Workbench, ending

Make = Callable[..., Workbench]


def looks(*texts: str) -> list[tuple[str, dict[str, Any]]]:
    return [("look", {"text": text}) for text in texts]


class Meeting:
    """Lets nobody go on before all are there."""

    def __init__(self, size: int) -> None:
        self._barrier = asyncio.Barrier(size)

    async def __call__(self, at: Circumstances) -> None:
        del at
        async with asyncio.timeout(60):  # else a test of calls that are made one by one would never end
            await self._barrier.wait()


async def test_calls_that_only_read_are_made_at_the_same_time(bench: Make) -> None:
    b = bench([Reply(*looks("a", "b", "c")), ending()], [ProbeTool("look", Effect.READ, during=Meeting(3))])
    task = b.submit()
    assert (await b.done(task)).status is RunStatus.DONE
    steps = b.steps(task)[1:4]
    assert [step.input["arguments"]["text"] for step in steps] == ["a", "b", "c"]
    assert [step.output["text"] for step in steps] == ["look a", "look b", "look c"]


async def test_outcomes_are_recorded_as_they_come_and_intents_in_order(bench: Make) -> None:
    ended: list[str] = []

    class Turned(ProbeTool):
        """The last one begins the chain: each waits for the one after it."""

        def __init__(self) -> None:
            super().__init__("look", Effect.READ)
            self.done = [asyncio.Event() for _ in "abcd"]
            self.done[3].set()

        async def invoke(self, arguments: Any, at: Circumstances) -> Outcome:
            place = "abc".index(arguments["text"])
            async with asyncio.timeout(60):
                await self.done[place + 1].wait()
            ended.append(arguments["text"])
            self.done[place].set()
            return Outcome(arguments["text"])

    b = bench([Reply(*looks("a", "b", "c")), ending()], [Turned()])
    task = b.submit()
    await b.done(task)
    assert ended == ["c", "b", "a"]
    assert [step.output["text"] for step in b.steps(task)[1:4]] == ["a", "b", "c"]


async def test_what_does_more_than_read_is_made_alone_and_in_its_place(bench: Make) -> None:
    made: list[tuple[str, int]] = []
    going = 0

    async def note(at: Circumstances) -> None:
        nonlocal going
        going += 1
        await asyncio.sleep(0)
        made.append((at.key, going))
        going -= 1

    look, make = ProbeTool("look", Effect.READ), ProbeTool("make", Effect.WRITE, during=note)
    calls = [*looks("a", "b"), ("make", {"text": "c"}), *looks("d"), ("make", {"text": "e"})]
    b = bench([Reply(*calls), ending()], [look, make])
    task = b.submit()
    await b.done(task)
    assert [count for _, count in made] == [1, 1]
    assert [step.name for step in b.steps(task)[1:6]] == ["look", "look", "make", "look", "make"]
    times = [(step.started_at, step.seq) for step in b.steps(task)]
    assert times == sorted(times)


async def test_one_that_fails_does_not_hold_up_the_others(bench: Make) -> None:
    problems = iter([None, ToolError("no such file"), KeyError("inside")])
    b = bench([Reply(*looks("a", "b", "c")), ending()], [ProbeTool("look", Effect.READ, fails=lambda: next(problems))])
    task = b.submit()
    assert (await b.done(task)).status is RunStatus.DONE
    assert [step.status for step in b.steps(task)[1:4]] == ["done", "failed", "failed"]


async def test_the_same_call_again_and_again_in_one_reply_is_stopped(bench: Make) -> None:
    tool = ProbeTool("look", Effect.READ)
    b = bench([Reply(*looks("a", "a", "a", "b")), ending()], [tool])
    task = b.submit()
    await b.done(task)
    assert sorted(tool.invoked) == ["a", "a", "b"]
    assert "3 times in a row" in b.steps(task)[3].output["text"]


async def test_bad_arguments_among_them_are_answered_in_their_place(bench: Make) -> None:
    tool = ProbeTool("look", Effect.READ)
    b = bench([Reply(*looks("a"), ("look", {"text": 7}), *looks("b")), ending()], [tool])
    task = b.submit()
    await b.done(task)
    assert [step.status for step in b.steps(task)[1:4]] == ["done", "failed", "done"]
    assert tool.invoked == ["a", "b"]


class Labelling(ProbeTool):
    """Reads something untrusted."""

    async def invoke(self, arguments: Any, at: Circumstances) -> Outcome:
        await super().invoke(arguments, at)
        return Outcome("a page", labels=frozenset({Label.UNTRUSTED}))


async def test_a_rule_about_what_was_read_sees_the_call_before(bench: Make) -> None:
    """The second call is denied by what the first one reads, so the two are not made together."""
    untrusted = frozenset({Label.UNTRUSTED})
    rule = Rule(verdict=Verdict.DENY, tool="look", label=untrusted, reason="not after a page", source="policy.yaml")
    page, look = Labelling("page", Effect.READ), ProbeTool("look", Effect.READ)
    b = bench([Reply(("page", {"text": "p"}), *looks("a")), ending()], [page, look], rules=[rule])
    task = b.submit()
    await b.done(task)
    assert look.invoked == []
    assert b.steps(task)[2].output["text"] == "Refused: not after a page."


async def test_a_budget_that_ends_among_them_lets_the_first_ones_be_made_and_asks(bench: Make) -> None:
    tool = ProbeTool("look", Effect.READ)
    limits = LimitSettings(run=Limits(steps=3), day=Limits(), month=Limits())
    b = bench([Reply(*looks("a", "b", "c", "d")), ending()], [tool], limits=limits)
    task = b.submit()
    run = await b.done(task)
    assert (run.status, run.waiting_for) == (RunStatus.WAITING, WaitingFor.BUDGET)
    assert tool.invoked == ["a", "b"]
    assert all(step.status is StepStatus.DONE for step in b.steps(task))
    while run.status is RunStatus.WAITING:
        b.answer(True)
        run = await b.done(task)
    assert run.status is RunStatus.DONE
    assert tool.invoked == ["a", "b", "c", "d"]


class Rung(asyncio.Event):
    """The port Wake: remembers that something was written."""

    def ring(self) -> None:
        self.set()


async def test_reads_that_a_crash_cut_off_together_are_made_again(bench: Make) -> None:
    """Ends the worker, as a kill does, when one outcome is recorded and two are not."""
    begun = asyncio.Event()
    stuck = asyncio.Event()

    async def during(at: Circumstances) -> None:
        if at.key.endswith("/2"):
            return
        begun.set()
        await stuck.wait()

    tool = ProbeTool("look", Effect.READ, during=during)
    b = bench([Reply(*looks("a", "b", "c")), ending()], [tool])
    rung = Rung()
    b.use(wake=rung)
    task = b.submit()
    doing = asyncio.ensure_future(b.run(task.run_id))
    async with asyncio.timeout(60):
        await begun.wait()
        while b.steps(task)[1].ended_at is None:
            await rung.wait()
            rung.clear()
    doing.cancel()
    await asyncio.gather(doing, return_exceptions=True)
    assert [step.status for step in b.steps(task)[1:]] == ["done", "started", "started"]
    stuck.set()
    run = await b.run(task.run_id)
    assert run is not None
    assert run.status is RunStatus.DONE
    assert tool.invoked == ["a", "b", "c", "b", "c"]


async def test_at_most_eight_are_made_at_once(bench: Make) -> None:
    most = going = 0

    async def during(at: Circumstances) -> None:
        nonlocal most, going
        del at
        going += 1
        most = max(most, going)
        await asyncio.sleep(0.001)
        going -= 1

    b = bench([Reply(*looks(*map(str, range(20)))), ending()], [ProbeTool("look", Effect.READ, during=during)])
    task = b.submit()
    assert (await b.done(task)).status is RunStatus.DONE
    assert 2 <= most <= 8
    assert [step.output["text"] for step in b.steps(task)[1:21]] == [f"look {n}" for n in range(20)]


async def test_while_the_owner_is_asked_nothing_else_is_made(bench: Make) -> None:
    tool = ProbeTool("look", Effect.READ)
    b = bench([Reply(*looks("a"), ("ask_owner", {"question": "Which?"}), *looks("b")), ending()], [tool])
    task = b.submit()
    run = await b.done(task)
    assert (run.status, run.waiting_for) == (RunStatus.WAITING, WaitingFor.OWNER)
    assert tool.invoked == ["a"]
    b.answer(True, "red")
    assert (await b.done(task)).status is RunStatus.DONE
    assert tool.invoked == ["a", "b"]
    assert b.steps(task)[2].output["text"] == "red"


async def test_one_that_is_left_while_they_are_begun_leaves_nothing_behind(bench: Make) -> None:
    """A run that is cut off between two intents has made neither call, and nothing waits to be awaited."""

    class Leaving(ProbeTool):
        def price(self, arguments: Any) -> Usage:
            doing = asyncio.current_task()
            if arguments["text"] == "b" and doing is not None:
                doing.cancel()
            return super().price(arguments)

    tool = Leaving("look", Effect.READ)
    b = bench([Reply(*looks("a", "b", "c")), ending()], [tool])
    task = b.submit()
    await b.run(task.run_id)
    gc.collect()  # a coroutine that nobody awaited would be reported here, and a warning is an error
    assert [step.status for step in b.steps(task)] == ["done", "started", "started"]
    assert tool.invoked == []
