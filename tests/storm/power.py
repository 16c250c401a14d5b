"""Power loss: the database and the kept files as they were at one moment, without anything that ran.

All that write are stopped, so that the copy is of one moment. A second copy loses the end of its write-ahead log, as
an unfinished write does: it may have less in it, and must be as whole.
"""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

from tests.rigs.house import House
from tests.storm.crowd import Crowd
from tests.storm.facts import FINAL, Facts
from tests.storm.outside import Acknowledged
from tests.storm.verdict import Verdict, judge_files

_MOST_TORN = 20_000
"""Bytes that are cut off the log at most: some five pages."""


class Power:
    """Makes copies of a house at moments of a storm, and judges them."""

    def __init__(self, house: House, folder: Path, chance: Random) -> None:
        """Put the copies into `folder`."""
        self._house = house
        self._folder = folder
        self._chance = chance
        self.copies = 0
        self.verdicts: list[Verdict] = []

    def fail(self, crowd: Crowd, acknowledged: Acknowledged) -> None:
        """Copy at this moment, let everything go on, and judge the copy."""
        before = Facts(self._house.database)
        crowd.freeze()
        crowd.hear()
        said = Acknowledged(
            {}, {once: set(ids) for once, ids in acknowledged.submitted.items()}, dict(acknowledged.decided)
        )
        self.copies += 1
        folder = self._folder / f"copy-{self.copies}"
        self._copy(folder)
        crowd.thaw()
        torn = self._torn(folder)
        after = Facts(folder / "agent.db")
        self.verdicts += judge_files(after, folder / "blobs")
        self.verdicts.append(Verdict("power.nothing_lost", tuple(_lost(before, after, said))))
        self.verdicts += judge_files(Facts(torn / "agent.db"), folder / "blobs")
        shutil.rmtree(folder)

    def _copy(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        for name in ("agent.db", "agent.db-wal"):
            source = self._house.path / name
            if source.exists():
                shutil.copyfile(source, folder / name)
        shutil.copytree(self._house.path / "blobs", folder / "blobs")

    def _torn(self, folder: Path) -> Path:
        torn = folder / "torn"
        torn.mkdir()
        shutil.copyfile(folder / "agent.db", torn / "agent.db")
        log = folder / "agent.db-wal"
        if log.exists():
            kept = log.read_bytes()
            (torn / log.name).write_bytes(kept[: max(0, len(kept) - self._chance.randrange(_MOST_TORN))])
        return torn


def _end(run: Mapping[str, Any]) -> tuple[Any, ...]:
    """Give what no longer changes once a run has ended; a worker may still let go of it and settle its books."""
    return tuple(run[name] for name in ("task_id", "number", "status", "result", "error", "ended_at"))


def _lost(before: Facts, after: Facts, said: Acknowledged) -> Iterator[str]:
    """Say what was committed or acknowledged before the stop and is not in the copy."""
    tasks = {task["once"]: task["id"] for task in after.all("task")}
    for once, ids in said.submitted.items():
        if ids != {tasks.get(once)}:
            yield f"the order {once} was acknowledged as {ids}, the copy has {tasks.get(once)}"
    states = {asked["id"]: asked["state"] for asked in after.all("approval")}
    for asked, yes in said.decided.items():
        if states.get(asked) != ("approved" if yes else "rejected"):
            yield f"the answer to {asked} was acknowledged, in the copy it is {states.get(asked)}"
    runs = {run["id"]: _end(run) for run in after.all("run")}
    for run in before.all("run"):
        if run["status"] in FINAL and runs.get(run["id"]) != _end(run):
            yield f"run {run['id']} had ended, the copy has it otherwise"
    steps = {(step["run_id"], step["seq"]): step for step in after.all("step")}
    for step in before.all("step"):
        if step["ended_at"] is not None and steps.get((step["run_id"], step["seq"])) != step:
            yield f"step {step['seq']} of run {step['run_id']} had ended, the copy has it otherwise"
    if len(after.all("audit")) < len(before.all("audit")):
        yield "the copy has fewer audit entries"
