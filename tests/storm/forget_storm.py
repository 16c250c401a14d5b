"""Kills while tasks are forgotten, several of which came with the same files: what stays is whole, the rest goes."""

from collections.abc import Iterator
from pathlib import Path

from tests.rigs.counting_server import counting_server
from tests.rigs.waiting import wait_until
from tests.storm.facts import Facts
from tests.storm.report import Report
from tests.storm.scene import FORGETTER, Scene
from tests.storm.store_rules import spoken_of
from tests.storm.verdict import Verdict, judge_files

_PLACES = (
    "store.before_commit",
    "store.after_commit",
    "store.before_commit:2",
    "store.after_commit:2",
    "forget.recorded",
    "",
)
"""Where forgetting is cut off: with the rows, between the files, or not at all."""

_SECONDS = 120.0


def forget_storm(folder: Path, name: str, seed: int, tasks: int) -> Report:
    """Do `tasks` tasks, and forget all but some of them under kills; gives what was found."""
    with counting_server() as server:
        scene = Scene(folder / name, server, seed)
        try:
            scene.submit([scene.writer.inner_order() for _ in range(tasks)])
            scene.work()
            wait_until(lambda: not scene.unfinished(), _SECONDS)
            for number, once in enumerate(list(scene.acknowledged.ordered)[: -(tasks // 4)]):
                _forget(scene, once, _PLACES[number % len(_PLACES)])
            # A worker goes on with what was cut off, at its next look.
            wait_until(lambda: not list(_left(scene.facts(), scene.house.path)), _SECONDS)
            scene.finish(_SECONDS)
        finally:
            scene.crowd.close()
        left = tuple(_left(scene.facts(), scene.house.path))
        return Report.of(name, scene, [*scene.verdicts, Verdict("forget.nothing_left", left)], 0)


def _forget(scene: Scene, once: str, place: str) -> None:
    """Forget the task of an order, killed at a place and then again to its end; the files are judged between."""
    task = scene.disown(once)
    if place:
        scene.forget(task, place)
        scene.crowd.died_of_kill(FORGETTER, _SECONDS)
        scene.verdicts += judge_files(scene.facts(), scene.house.path / "blobs")
    scene.forget(task)
    scene.crowd.finished(FORGETTER, _SECONDS)


def _left(facts: Facts, home: Path) -> Iterator[str]:
    """Say what lies in the state folder and belongs to no task."""
    tasks = {str(task["id"]) for task in facts.all("task")}
    for path in (home / "tasks").iterdir():
        if path.name not in tasks:
            yield f"the folder of the forgotten task {path.name} is still there"
    spoken = spoken_of(facts)
    for path in (home / "blobs").glob("*/*"):
        if path.name not in spoken:
            yield f"the kept file {path.name[:12]} is still there, and nothing speaks of it"
