"""Which steps made the workspace what it is: those that changed it, without what was undone, with what was redone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from daemon.domain.step import REDO, UNDO, Step, StepStatus


@dataclass(frozen=True, slots=True)
class Undone:
    """What a redo brings back: the snapshot, the steps that it then stands for, and the undo that it takes back."""

    snapshot: str | None
    steps: tuple[int, ...]
    by: int


@dataclass(frozen=True, slots=True)
class Lineage:
    """The steps that changed the workspace and stand, and the undos that can be taken back, newest last.

    `before` gives for each step the steps that stood before it, `states` the snapshot of the workspace before it.
    """

    steps: tuple[int, ...]
    undone: tuple[Undone, ...]
    before: Mapping[int, tuple[int, ...]]
    states: Mapping[int, str]


def lineage(steps: Sequence[Step], now: str) -> Lineage:
    """Read the recorded steps of a run whose workspace is now as the snapshot `now`."""
    states, after = _states(steps, now)
    before: dict[int, tuple[int, ...]] = {}
    standing: tuple[int, ...] = ()
    undone: list[Undone] = []
    for step in steps:
        before[step.seq] = standing
        if step.turns_back:
            if step.status is not StepStatus.DONE:
                continue
            if step.name == UNDO:
                undone.append(Undone(step.snapshot, standing, step.seq))
                standing = before[step.input["step"]]
            elif step.name == REDO and undone:
                standing = undone.pop().steps
        elif step.snapshot is not None and after[step.seq] != step.snapshot:
            standing = (*standing, step.seq)
            undone.clear()
    return Lineage(standing, tuple(undone), before, states)


def _states(steps: Sequence[Step], now: str) -> tuple[dict[int, str], dict[int, str]]:
    """Give the state of the workspace before each step, and after it."""
    states: dict[int, str] = {}
    after: dict[int, str] = {}
    for step in reversed(steps):
        after[step.seq] = now
        now = step.snapshot or now
        states[step.seq] = now
    return states, after
