"""What an undo or a redo of the owner's did."""

from dataclasses import dataclass

from daemon.domain.step import Step


@dataclass(frozen=True, slots=True)
class TurnedBack:
    """The workspace of a task's newest run was taken back to before a step, or forth again.

    `note` is the recorded step that says so; `step` is the step whose beginning the workspace is back at, for a redo
    the undo that was taken back. `outside` are the steps after it whose effects outside stay, `folders` the owner's
    folders in which steps may have changed something that stays, `missing` are pipes, sockets and devices that were
    not brought back.
    """

    task_id: int
    note: Step
    step: Step
    outside: tuple[Step, ...] = ()
    folders: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
