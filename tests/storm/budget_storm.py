"""A cap of one dollar for the day, many runs at once on a priced model, and kills: the cap holds."""

from pathlib import Path

from daemon.domain.limits import MICROS
from tests.rigs.counting_server import counting_server
from tests.rigs.waiting import wait_until
from tests.storm.facts import Facts, usage_of
from tests.storm.outside import Outside
from tests.storm.report import Report
from tests.storm.scene import DAEMON, Scene
from tests.storm.verdict import Verdict

_SETTINGS = {"AGENT_RUNS_AT_ONCE": "8", "AGENT_LIMITS_DAY_MONEY": "1", "AGENT_LIMITS_RUN_STEPS": "1000"}
_PRICES = (15_000, 10_000)
"""Of a model call and a counted call: the cap is worth some seventy of them."""

_CALLS = 14
_RUNS = 8
_SECONDS = 240.0
_LONGEST_CALM = 0.4


def budget_storm(folder: Path, name: str, seed: int, kills: int, *, two: bool) -> Report:
    """Run into the cap under kills, with one worker or two; gives what was found."""
    with counting_server() as server:
        scene = Scene(folder / name, server, seed, generous=False, settings=_SETTINGS, prices=_PRICES)
        workers = (DAEMON, "extra") if two else (DAEMON,)
        try:
            scene.submit([scene.writer.paid_order(_CALLS) for _ in range(_RUNS)])
            while scene.crowd.kills < kills and scene.unfinished():
                for mode in workers:
                    scene.work(mode)
                scene.crowd[DAEMON].ready()
                wait_until(lambda: not scene.unfinished(), scene.chance.uniform(0.05, _LONGEST_CALM))
                scene.crowd.kill(scene.chance.choice(workers))
            scene.finish(_SECONDS)
        finally:
            scene.crowd.close()
        scene.verdicts.append(Verdict("budget.cap_holds", tuple(_above(scene.facts(), scene.outside()))))
        return Report.of(name, scene, scene.verdicts, 0)


def _above(facts: Facts, outside: Outside) -> list[str]:
    """Say what went above the cap; a storm that never came near it proves nothing."""
    booked = [usage_of(row["usage"])[-1] for row in facts.all("spend") if row["scope"].startswith("day")]
    found = []
    if outside.money() > MICROS:
        found.append(f"{outside.money()} micro-dollars were charged")
    if max(booked) > MICROS:
        found.append(f"{max(booked)} micro-dollars are booked")
    if not any(asked["kind"] == "budget" for asked in facts.all("approval")):
        found.append("the cap was never reached")
    return found
