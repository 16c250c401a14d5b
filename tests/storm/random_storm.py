"""Kills at random moments, one worker and two at a time, and copies as a power loss leaves them."""

from pathlib import Path

from tests.rigs.counting_server import counting_server
from tests.rigs.waiting import wait_until
from tests.storm.power import Power
from tests.storm.report import Report
from tests.storm.scene import DAEMON, OWNER, SUBMITTER, Scene

_SECOND = ("", "run", "extra")
"""The second worker of a phase, or none."""

_KILLS_OF_A_PHASE = 10
_AT_WORK = 6
"""Tasks that are kept unfinished while the storm lasts."""

_LONGEST_CALM = 0.6
_BUSY_SECONDS = 10.0
_MEDDLE = 40
_SECONDS = 240.0


def random_storm(folder: Path, name: str, seed: int, runs: int, kills: int, copies: int, *, asks: bool) -> Report:
    """Do at least `runs` runs under `kills` kills, with `copies` copies; gives what was found."""
    with counting_server() as server:
        scene = Scene(folder / name, server, seed, asks=asks)
        power = Power(scene.house, folder / name / "copies", scene.chance)
        try:
            _blow(scene, power, runs, kills, copies)
            scene.finish(_SECONDS)
        finally:
            scene.crowd.close()
        return Report.of(name, scene, [*scene.verdicts, *power.verdicts], power.copies)


def _blow(scene: Scene, power: Power, runs: int, kills: int, copies: int) -> None:
    crowd = scene.crowd
    while not crowd.surprises and (crowd.kills < kills or len(scene.acknowledged.ordered) < runs):
        phase = crowd.kills // _KILLS_OF_A_PHASE
        second = _SECOND[phase % len(_SECOND)]
        _staff(scene, second, runs, kills)
        _calm(scene)
        if copies and power.copies < copies and crowd.kills * copies >= power.copies * kills:
            power.fail(crowd, scene.acknowledged)
        if crowd.kills < kills:
            crowd.kill(_victim(scene))


def _staff(scene: Scene, second: str, runs: int, kills: int) -> None:
    """Keep everybody at work, and enough work there."""
    if SUBMITTER not in scene.crowd.names():
        missing = scene.missing()
        wanted = _AT_WORK - scene.unfinished() - len(missing)
        if wanted > 0:
            # At the pace of the kills, so that there is work until the last one.
            due = runs * scene.crowd.kills // max(kills, 1) - len(scene.acknowledged.ordered)
            missing += [scene.writer.order() for _ in range(max(wanted, due))]
        if missing:
            scene.order(missing)
    scene.work()
    if second:
        scene.work(second)
    scene.answer(meddle=_MEDDLE)


def _calm(scene: Scene) -> None:
    """Wait for a random moment: now and then within the start of a worker, else in the middle of its work."""
    worker = scene.crowd[DAEMON]
    if scene.chance.random() < 0.8:
        wait_until(lambda: scene.held() > 0 or not worker.alive, _BUSY_SECONDS)
    wait_until(lambda: not worker.alive, scene.chance.uniform(0.0, _LONGEST_CALM))


def _victim(scene: Scene) -> str:
    names = scene.crowd.names()
    weights = [{OWNER: 1, SUBMITTER: 2}.get(name, 6) for name in names]
    return scene.chance.choices(names, weights)[0]
