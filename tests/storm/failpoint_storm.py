"""A kill at every failpoint; one that is not reached is a failure."""

from pathlib import Path

from daemon.domain.failpoint import FAILPOINTS
from tests.rigs.counting_server import counting_server
from tests.rigs.waiting import wait_until
from tests.storm.report import Report
from tests.storm.scene import DAEMON, FORGETTER, OWNER, SUBMITTER, UNDOER, Scene
from tests.storm.verdict import Verdict

_REACH_SECONDS = 60.0
_FINISH_SECONDS = 240.0

_BY_SUBMITTER = ("submit.files_kept", "receive.stored", "receive.marked", "receive.handled")
_BY_OWNER = ("decide.recorded",)
_BY_FORGETTER = ("forget.recorded",)
_BY_UNDOER = ("undo.began", "restore.placed", "undo.restored")
_ONCE = ("recover.began", "forget.recorded", *_BY_UNDOER)
"""Places that a process comes by once, or then only every few seconds."""

_WHO = {SUBMITTER: _BY_SUBMITTER, OWNER: _BY_OWNER, FORGETTER: _BY_FORGETTER, UNDOER: _BY_UNDOER}
"""Who comes by a place; the daemon by all others."""

_ALSO_ELSEWHERE = ("store.before_commit", "store.after_commit")
"""Places that everybody who writes comes by."""


def scenarios(depth: int) -> list[tuple[str, str]]:
    """Give (who dies, name:count) of every failpoint, the first to the `depth`-th time that it is reached."""
    found = []
    for name in FAILPOINTS:
        who = next((who for who, places in _WHO.items() if name in places), DAEMON)
        everybody = (SUBMITTER, OWNER, DAEMON) if name in _ALSO_ELSEWHERE else (who,)
        counts = (1,) if name in _ONCE else range(1, depth + 1)
        found += [(role, f"{name}:{count}") for role in everybody for count in counts]
    return found


def failpoint_storm(folder: Path, name: str, seed: int, depth: int, *, asks: bool) -> Report:
    """Kill at every failpoint in one house; gives what was found."""
    with counting_server() as server:
        # Many deaths come one after the other, so a run may be cut off often at one place.
        scene = Scene(folder / name, server, seed, asks=asks, settings={"AGENT_RUNS_ATTEMPTS": "100"})
        planned = scenarios(depth)
        try:
            missed = [f"{who} at {place}" for who, place in planned if not _die(scene, who, place, depth)]
            scene.finish(_FINISH_SECONDS)
        finally:
            scene.crowd.close()
        scene.verdicts.append(Verdict("failpoints.all_reached", tuple(missed)))
        return Report.of(name, scene, scene.verdicts, 0)


def _die(scene: Scene, who: str, place: str, depth: int) -> bool:
    """Let one process die at a place with enough to do; the others go on."""
    if who == FORGETTER:
        return _die_forgetting(scene, place)
    if who == UNDOER:
        return _die_turning_back(scene, place)
    orders = [scene.writer.full_order() for _ in range(max(1, depth))]
    scene.crowd.end(who)
    if who == SUBMITTER:
        scene.order(orders, place)
    else:
        scene.submit(orders)
    scene.answer(failpoint=place if who == OWNER else "")
    scene.work(failpoint=place if who == DAEMON else "")
    reached = scene.crowd.died_of_kill(who, _REACH_SECONDS)
    scene.crowd.hear()
    return reached


def _die_forgetting(scene: Scene, place: str) -> bool:
    """Let a task end, and whoever forgets it die; a worker goes on with it later."""
    order = _ended(scene)
    scene.forget(scene.disown(order), place)
    return scene.crowd.died_of_kill(FORGETTER, _REACH_SECONDS)


def _die_turning_back(scene: Scene, place: str) -> bool:
    """Let a task end, undo its last change, and whoever redoes it die; a worker brings that to its end."""
    order = _ended(scene)
    scene.turn_back("undo", order)
    if not scene.crowd.finished(UNDOER, _REACH_SECONDS):
        return False
    scene.turn_back("redo", order, place)
    return scene.crowd.died_of_kill(UNDOER, _REACH_SECONDS)


def _ended(scene: Scene) -> str:
    """Let a task end; gives its order."""
    order = scene.writer.inner_order()
    scene.submit([order])
    scene.answer()
    scene.work()
    wait_until(lambda: not scene.unfinished() and not scene.held(), _REACH_SECONDS)
    return order.once
