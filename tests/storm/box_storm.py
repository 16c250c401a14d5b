"""Kills while a command runs in the sandbox: nothing of it outlives the worker."""

from collections.abc import Iterator
from pathlib import Path

from tests.rigs.counting_server import counting_server
from tests.rigs.waiting import wait_until
from tests.storm import orphans
from tests.storm.report import Report
from tests.storm.scene import DAEMON, Scene
from tests.storm.verdict import Verdict

_SECONDS = 60.0
_MODES = (DAEMON, "run", "extra")


def box_storm(folder: Path, name: str, seed: int) -> Report:
    """Kill a worker of each mode in the middle of a long command; gives what was found."""
    with counting_server() as server:
        scene = Scene(folder / name, server, seed, settings={"AGENT_RUNS_ATTEMPTS": "100"})
        try:
            scene.submit([scene.writer.long_order()])
            left = tuple(text for mode in _MODES for text in _kill(scene, mode))
        finally:
            scene.crowd.close()
        return Report.of(name, scene, [Verdict("processes.no_orphans", left)], 0)


def _kill(scene: Scene, mode: str) -> Iterator[str]:
    """Kill a worker once its command runs, and say what is left of it."""
    scene.work(mode)
    worker = str(scene.crowd[mode].pid)
    if not wait_until(lambda: _others(scene.house.path, worker), _SECONDS):
        yield f"{mode} never ran its command"
    scene.crowd.kill(mode)
    yield from orphans.left_of(scene.house.path)


def _others(house: Path, worker: str) -> bool:
    return any(text.split()[0] != worker for text in orphans.found(house))
