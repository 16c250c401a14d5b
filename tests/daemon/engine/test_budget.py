"""Limits: reserve before, settle after, ask when one is reached (T10)."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from daemon.domain.approval import ApprovalKind
from daemon.domain.call import Happened
from daemon.domain.effect import Effect
from daemon.domain.limits import MICROS, Limits, Measure, Usage, spoken
from daemon.domain.run import RunStatus, WaitingFor
from daemon.engine.budget import reserve
from daemon.settings.sections import LimitSettings
from daemon.store import database, ledger, runs
from tests.daemon.engine.workbench import ProbeTool, Reply, Workbench, allow, calling, ending

Make = Callable[..., Workbench]


def limited(run: Limits | None = None, day: Limits | None = None, month: Limits | None = None) -> LimitSettings:
    return LimitSettings(run=run or Limits(), day=day or Limits(), month=month or Limits())


def looks(count: int) -> list[Reply]:
    return [calling("look", str(i)) for i in range(count)] + [ending()]


async def test_what_was_really_used_takes_the_place_of_what_was_reserved(bench: Make) -> None:
    b = bench([Reply(("finish", {"result": "x"}), cost=3)], price=100)
    run = await b.done(b.submit())
    assert run.usage == Usage(steps=2, model_calls=1, tokens=60, money=3)
    day, month = (ledger.spent(scope)[0] for scope in ledger.scopes(b.clock.now()))
    assert day == month == run.usage


@pytest.mark.parametrize(
    ("limits", "scope"),
    [
        (limited(run=Limits(money=250)), "this run"),
        (limited(day=Limits(money=250)), "today"),
        (limited(month=Limits(money=250)), "this month"),
    ],
)
async def test_a_limit_that_is_reached_asks_before_the_call_and_a_yes_raises_it(
    bench: Make, limits: LimitSettings, scope: str
) -> None:
    replies = [Reply(("look", {"text": str(i)}), cost=100) for i in range(3)] + [ending()]
    b = bench(replies, [ProbeTool("look", Effect.READ)], price=100, limits=limits)
    task = b.submit()
    run = await b.done(task)
    assert (run.status, run.waiting_for) == (RunStatus.WAITING, WaitingFor.BUDGET)
    assert run.usage.money == 200, "the call that would pass the limit was not made"
    asked = b.open_one()
    assert asked.kind is ApprovalKind.BUDGET
    assert scope in asked.shown
    assert "Raise it to" in asked.shown
    b.answer(True)
    run = await b.done(task)
    assert run.status is RunStatus.DONE
    assert run.usage.money == 300


async def test_a_no_to_more_ends_the_run_with_the_reason(bench: Make) -> None:
    b = bench(looks(9), [ProbeTool("look", Effect.READ)], limits=limited(run=Limits(steps=4)))
    task = b.submit()
    await b.done(task)
    b.answer(False)
    run = await b.done(task)
    assert run.status is RunStatus.ERROR
    assert "limit for this run is reached: 4 steps" in (run.error or "")


async def test_a_limit_of_the_task_comes_before_that_of_the_settings(bench: Make) -> None:
    b = bench(looks(9), [ProbeTool("look", Effect.READ)])
    run = await b.done(b.submit(limits=Limits(steps=3)))
    assert (run.status, run.usage.steps) == (RunStatus.WAITING, 3)


async def test_two_tasks_share_the_day(bench: Make) -> None:
    b = bench([Reply(("finish", {"result": "x"}), cost=60)], price=60, limits=limited(day=Limits(money=100)))
    assert (await b.done(b.submit())).status is RunStatus.DONE
    assert (await b.done(b.submit())).status is RunStatus.WAITING


async def test_the_next_day_begins_anew(bench: Make) -> None:
    b = bench([Reply(("finish", {"result": "x"}), cost=60)], price=60, limits=limited(day=Limits(money=100)))
    await b.done(b.submit())
    b.clock.time += 86_400
    assert (await b.done(b.submit())).status is RunStatus.DONE


@pytest.mark.parametrize("measure", list(Measure))
async def test_every_measure_is_limited(bench: Make, measure: Measure) -> None:
    b = bench(limits=limited(run=Limits(**{measure.value: 10})))
    task = b.submit()
    run = runs.get(task.run_id)
    with database.transaction():
        assert reserve(run, Usage(**{measure.value: 10}), b.parts.limits, b.clock.now()) is None
        shortage = reserve(run, Usage(**{measure.value: 1}), b.parts.limits, b.clock.now())
    assert shortage is not None
    assert (shortage.measure, shortage.bound, shortage.needed, shortage.proposed) == (measure, 10, 11, 20)
    assert runs.get(run.id).usage == Usage(**{measure.value: 10}), "what was refused was not charged"


@pytest.mark.parametrize(
    ("measure", "amount", "said"),
    [
        (Measure.MONEY, MICROS, "$1.00"),
        (Measure.MONEY, 2_500_000, "$2.50"),
        (Measure.MONEY, 250, "$0.000250"),
        (Measure.MODEL_CALLS, 1200, "1,200 model calls"),
    ],
)
def test_amounts_are_said_as_people_say_them(measure: Measure, amount: int, said: str) -> None:
    assert spoken(measure, amount) == said


async def test_a_yes_never_lowers_a_limit_that_was_raised_meanwhile(bench: Make) -> None:
    replies = [Reply(("look", {"text": str(i)}), cost=100) for i in range(3)] + [ending()]
    b = bench(replies, [ProbeTool("look", Effect.READ)], price=100, limits=limited(day=Limits(money=150)))
    await b.done(b.submit())
    day = ledger.scopes(b.clock.now())[0]
    with database.transaction():
        ledger.raise_limit(day, Limits(money=9000))
    b.answer(True)
    assert ledger.spent(day)[1].money == 9000


class PricedTool(ProbeTool):
    def price(self, arguments: Mapping[str, Any]) -> Usage:
        return Usage(money=1000)


@pytest.mark.parametrize("happened", list(Happened))
async def test_what_nobody_knows_to_have_been_spent_stays_spent(bench: Make, happened: Happened) -> None:
    tool = PricedTool("push", Effect.CHANGE, happened=happened, fails=ConnectionResetError)
    b = bench([calling("push"), ending()], [tool], rules=[allow("push")])
    task = b.submit()
    run = await b.done(task)
    if happened is Happened.CANNOT_TELL:
        b.answer(False)
        run = await b.done(task)
    assert run.status is RunStatus.DONE
    assert run.usage.money == 1000
