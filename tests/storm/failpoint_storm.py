"""A kill at every failpoint; one that is not reached is a failure."""

from pathlib import Path

from daemon.domain.failpoint import FAILPOINTS
from tests.rigs.counting_server import counting_server
from tests.storm.report import Report
from tests.storm.scene import DAEMON, OWNER, SUBMITTER, Scene
from tests.storm.verdict import Verdict

_REACH_SECONDS = 60.0
_FINISH_SECONDS = 240.0

_BY_SUBMITTER = ("submit.files_kept",)
_BY_OWNER = ("decide.recorded",)
_ONCE = ("recover.began",)
"""Places that a process comes by once when it starts, and then only every few seconds."""

_ALSO_ELSEWHERE = ("store.before_commit", "store.after_commit")
"""Places that everybody who writes comes by."""


def scenarios(depth: int) -> list[tuple[str, str]]:
    """Give (who dies, name:count) of every failpoint, the first to the `depth`-th time that it is reached."""
    found = []
    for name in FAILPOINTS:
        who = SUBMITTER if name in _BY_SUBMITTER else OWNER if name in _BY_OWNER else DAEMON
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
