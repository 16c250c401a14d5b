"""What must hold of the books."""

from collections import defaultdict
from collections.abc import Iterator

from tests.storm.facts import MEASURES, Facts, usage_of
from tests.storm.outside import Outside

Amounts = list[int]


def runs_add_up(facts: Facts, outside: Outside) -> Iterator[str]:
    """The books of a run hold what its steps took, and what was reserved for every attempt that was cut off.

    So they are never below the sum of the settled steps, and nothing that was settled stays reserved.
    """
    del outside
    expected: dict[int, Amounts] = defaultdict(lambda: [0] * len(MEASURES))
    reserved: dict[tuple[int, int], tuple[int, ...]] = {}
    for step in facts.all("step"):
        reserved[step["run_id"], step["seq"]] = usage_of(step["reserved"])
        _add(expected[step["run_id"]], usage_of(step["reserved" if step["ended_at"] is None else "usage"]))
    for run_id, detail in facts.audited("call repeated"):
        _add(expected[run_id], reserved[run_id, detail["seq"]])
    for run in facts.all("run"):
        booked = list(usage_of(run["usage"]))
        if booked != expected[run["id"]]:
            yield f"run {run['id']} ({run['status']}) has booked {booked}, its steps took {expected[run['id']]}"


def days_add_up(facts: Facts, outside: Outside) -> Iterator[str]:
    """Days and months hold what all runs hold, and what runs held whose tasks were forgotten."""
    del outside
    forgotten = bool(facts.audited("forgotten"))
    runs = _sum([usage_of(run["usage"]) for run in facts.all("run")])
    for kind in ("day", "month"):
        booked = _sum([usage_of(row["usage"]) for row in facts.all("spend") if row["scope"].startswith(kind)])
        less = any(has < took for has, took in zip(booked, runs, strict=True))
        if less or (booked != runs and not forgotten):
            yield f"the {kind} has booked {booked}, all runs {runs}"


def charges_are_booked(facts: Facts, outside: Outside) -> Iterator[str]:
    """What was really charged for a run is in its books."""
    charged: dict[str, int] = defaultdict(int)
    for key, tally in outside.counts.items():
        charged[key.split("/")[1]] += tally.amount
    booked = {run["task_id"]: usage_of(run["usage"])[-1] for run in facts.all("run")}
    for task in facts.all("task"):
        if charged[task["once"]] > booked[task["id"]]:
            yield f"{task['once']}: {charged[task['once']]} micro-dollars were charged, {booked[task['id']]} are booked"


def _sum(amounts: list[tuple[int, ...]]) -> Amounts:
    total = [0] * len(MEASURES)
    for amount in amounts:
        _add(total, amount)
    return total


def _add(to: Amounts, amount: tuple[int, ...]) -> None:
    for position, value in enumerate(amount):
        to[position] += value
