"""Undo and redo over sequences of chance, byte for byte, with kills in between; 500 of them by `--storm=long`."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from random import Random

import pytest

from daemon.domain.effect import Effect
from daemon.domain.errors import InvalidState
from daemon.domain.run import RunStatus
from daemon.domain.step import StepKind, StepStatus
from daemon.engine import workspace
from daemon.engine.recover import recover
from daemon.engine.snapshots import Snapshots
from daemon.store import database, runs, steps
from tests.daemon.engine.meddling import Meddler, Picture, picture
from tests.daemon.engine.workbench import OWNER, Workbench

Make = Callable[..., Workbench]
_SEQUENCES, _SHORT = 500, 100
_BLOCKS = 25
_PLACES = ("snapshot.taken", "undo.began", "restore.placed", "undo.restored")


class Told:
    """A run whose steps meddle with its workspace, and how it looked at each of them."""

    def __init__(self, b: Workbench, chance: Random) -> None:
        self.b = b
        self.task = b.submit()
        self.run = runs.get(self.task.run_id)
        self.folder = workspace.make(b.home, self.task, self.run)
        self.snapshots = Snapshots(self.folder)
        self.meddler = Meddler(self.folder, chance)
        self.before: dict[int, Picture] = {}
        self.stack: list[int] = []
        self.lineage: dict[int, list[int]] = {}
        self.undone: list[tuple[Picture, list[int]]] = []
        with database.transaction():
            runs.move(self.run.id, RunStatus.PAUSED, b.clock.now())

    def step(self) -> None:
        """Record a step and do it, as the gate does."""
        was, taken = picture(self.folder), self.snapshots.take()
        with database.transaction():
            seq = steps.begin(
                self.run,
                StepKind.TOOL,
                "shell",
                steps.inline({}),
                now=1.0,
                effect=Effect.COMPUTE,
                snapshot=taken,
            )
        self.meddler.meddle()
        with database.transaction():
            steps.end(self.run, seq, StepStatus.DONE, steps.inline({"text": ""}), now=1.0)
        self.before[seq], self.lineage[seq] = was, list(self.stack)
        if picture(self.folder) != was:
            self.stack.append(seq)
            self.undone.clear()

    def undo(self, seq: int | None, act: Callable[[], object]) -> None:
        """Undo by `act`, and look whether all is as it was before the step."""
        step = self.stack[-1] if seq is None else seq
        now, number = picture(self.folder), steps.done(self.run.id) + 1
        if self.before[step] == now:
            return
        act()
        assert picture(self.folder) == self.before[step]
        self.undone.append((now, list(self.stack)))
        self.before[number], self.lineage[number] = now, list(self.stack)
        self.stack = list(self.lineage[step])

    def redo(self, act: Callable[[], object]) -> None:
        """Redo by `act`, and look whether all is as it was before the undo."""
        now, number = picture(self.folder), steps.done(self.run.id) + 1
        act()
        was, stack = self.undone.pop()
        assert picture(self.folder) == was
        self.before[number], self.lineage[number] = now, list(self.stack)
        self.stack = stack


def killed(told: Told, place: str, *words: str) -> None:
    """Undo or redo in a process that is killed at a place, then let it be finished."""
    command = [sys.executable, "-m", "tests.rigs.undoer", "--home", str(told.b.home.path), *words]
    with subprocess.Popen(command, env=os.environ | {"AGENT_FAILPOINT": place}, stdin=subprocess.PIPE) as process:
        status = process.wait()
    if status == 0:
        assert place == "restore.placed", "else only where no file has to be brought back"
        return
    assert status == -signal.SIGKILL
    open_one = steps.open_undo(told.b.home, told.run.id)
    assert (open_one is None) is (place == "snapshot.taken")
    recover(told.b.home, 100, told.b.clock.now())
    assert steps.open_undo(told.b.home, told.run.id) is None
    assert runs.get(told.run.id).worker is None
    if place == "snapshot.taken":
        told.b.service.undo(told.task.id, int(words[2]), OWNER) if words[0] == "undo" else told.b.service.redo(
            told.task.id, OWNER
        )


@pytest.mark.parametrize("block", range(_BLOCKS))
def test_every_undo_and_redo_brings_back_the_very_bytes(bench: Make, block: int, storm_is_long: bool) -> None:
    b = bench()
    for number in range((_SEQUENCES if storm_is_long else _SHORT) // _BLOCKS):
        chance = Random(f"{block} {number}")
        told = Told(b, chance)
        for _ in range(chance.randint(3, 9)):
            _one_move(told, chance, kill="")
        while told.stack:
            told.undo(None, partial(b.service.undo, told.task.id, None, OWNER))
        while told.undone:
            told.redo(partial(b.service.redo, told.task.id, OWNER))


@pytest.mark.parametrize("place", _PLACES)
def test_what_was_killed_in_between_is_finished(bench: Make, place: str) -> None:
    b = bench()
    for number in range(4):
        chance = Random(f"{place} {number}")
        told = Told(b, chance)
        for _ in range(4):
            told.step()
        for _ in range(2):
            _one_move(told, chance, kill=place)


def _one_move(told: Told, chance: Random, kill: str) -> None:
    service, task_id = told.b.service, told.task.id
    move = chance.random()
    if not told.undone and not kill and 0.6 <= move < 0.65:
        with pytest.raises(InvalidState, match="nothing to redo"):
            service.redo(task_id, OWNER)
    elif told.undone and 0.6 <= move < 0.75:
        act = partial(killed, told, kill, "redo", str(task_id)) if kill else partial(service.redo, task_id, OWNER)
        told.redo(act)
    elif told.stack and kill:
        seq = chance.choice(told.stack)
        told.undo(seq, partial(killed, told, kill, "undo", str(task_id), str(seq)))
    elif told.stack and move >= 0.6:
        given = None if move < 0.9 else chance.choice(sorted(told.before))
        told.undo(given, partial(service.undo, task_id, given, OWNER))
    else:
        told.step()
