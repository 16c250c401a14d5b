"""A worker that was taken for dead and goes on: what it writes must be refused.

The worker is stopped (SIGSTOP), its lock file goes, another worker takes its runs, and it is let go on. Effects outside
cannot be fenced, so these runs have none.
"""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.rigs.counting_server import Behaviour, counting_server
from tests.rigs.waiting import wait_until
from tests.storm.report import Report
from tests.storm.scene import DAEMON, Scene

_SECOND = "extra"
_RUNS_OF_A_ROUND = 8
_SECONDS = 120.0


def fence_storm(folder: Path, name: str, seed: int, rounds: int) -> Report:
    """Take runs away from living workers so often; gives what was found."""
    with counting_server() as server:
        settings = {"AGENT_RUNS_ATTEMPTS": "100", "AGENT_RUNS_AT_ONCE": "8"}
        scene = Scene(folder / name, server, seed, settings=settings)
        # Slow enough that the worker is stopped in the middle of most calls.
        server.behave("model/", Behaviour(delay=0.05, late=0.05))
        try:
            for _ in range(rounds):
                _usurp(scene)
            scene.finish(_SECONDS)
        finally:
            scene.crowd.close()
        return Report.of(name, scene, scene.verdicts, 0)


def _usurp(scene: Scene) -> None:
    """Let one worker lose its runs to the other in the middle of its work, and go on."""
    crowd = scene.crowd
    old, new = scene.chance.sample((DAEMON, _SECOND), 2)
    crowd.end(new)
    scene.submit([scene.writer.inner_order() for _ in range(_RUNS_OF_A_ROUND)])
    scene.work(old)
    wait_until(lambda: bool(scene.held_by(_lock_of(scene, crowd[old].pid))), _SECONDS)
    _freeze(scene, old)
    lock = _lock_of(scene, crowd[old].pid)
    (scene.house.path / "workers" / f"{lock}.lock").unlink()
    scene.work(new)
    wait_until(lambda: not scene.held_by(lock), _SECONDS)
    _calm(scene, 0.3)
    crowd[old].thaw()
    _calm(scene, 0.4)
    crowd.kill(old)


def _freeze(scene: Scene, name: str) -> None:
    """Stop a worker at a random moment, but not within a transaction, which would stop everybody."""
    while True:
        _calm(scene, 0.15)
        scene.crowd[name].freeze()
        if _nobody_writes(scene.house.database):
            return
        scene.crowd[name].thaw()


def _nobody_writes(database: Path) -> bool:
    with closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        connection.execute("ROLLBACK")
        return True


def _lock_of(scene: Scene, pid: int) -> str:
    for path in (scene.house.path / "workers").glob("*.lock"):
        text = path.read_text()
        if text and json.loads(text)["pid"] == pid:
            return path.stem
    return ""


def _calm(scene: Scene, longest: float) -> None:
    wait_until(lambda: False, scene.chance.uniform(0.0, longest))
