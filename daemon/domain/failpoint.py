"""Named places where a crash is tested.

`AGENT_FAILPOINT=name` or `name:3` ends the process with SIGKILL when the place is reached the first or third time.
Without the variable a place costs one look at a global.
"""

import os
import signal

FAILPOINTS = {
    "store.before_commit": "all rows of a transaction are written, none is committed",
    "store.after_commit": "a transaction is committed, nobody was told",
    "submit.files_kept": "the files of a new task are kept, the task is not recorded",
    "claim.taken": "a run is claimed, nothing of it has begun",
    "plan.frozen": "a run's plan is frozen, no step has begun",
    "workspace.made": "a workspace is made, no step has begun",
    "call.reserved": "a call's reservation and intent are committed, the tool has not begun",
    "call.invoked": "the tool has done its work, the outcome is not recorded",
    "call.recorded": "the outcome is committed, the run has not gone on",
    "model.asked": "a model call's intent is committed, the model was not asked",
    "model.answered": "the model has answered, the answer is not recorded",
    "ask.recorded": "a question is committed and the run waits",
    "decide.recorded": "an answer is committed, no worker was woken",
    "finish.files_kept": "the result files are kept, the run has not ended",
    "finish.recorded": "the run has ended, nobody was told",
    "forget.recorded": "the rows of a forgotten task are gone, its files are still there",
    "recover.began": "recovery has begun",
    "snapshot.taken": "the workspace is kept as it was before a step, the step has no intent",
    "undo.began": "an undo or redo is written, the workspace is not touched",
    "restore.placed": "a file is brought back, others of the snapshot are not",
    "undo.restored": "the workspace is brought back, that is not recorded",
    "receive.stored": "what came in is committed, the other side was not told",
    "receive.marked": "a message is marked as handled, nothing was done, nothing is committed",
    "receive.handled": "what a message said is done and committed, nobody was told",
    "deliver.sending": "a message is marked as sending, it was not sent",
    "deliver.sent": "a message was sent, that is not recorded",
}
"""Every place by name, with what a crash there leaves."""


class _Armed:
    name = ""
    remaining = 0


def arm(setting: str) -> None:
    """Arm a place: "name" or "name:count"; an empty text disarms."""
    name, _, count = setting.partition(":")
    if name and name not in FAILPOINTS:
        raise ValueError(f"there is no failpoint {name!r}")
    _Armed.name, _Armed.remaining = name, int(count or 1)


def failpoint(name: str) -> None:
    """Mark a place; ends the process there when it is armed."""
    if _Armed.name != name:
        return
    _Armed.remaining -= 1
    if _Armed.remaining <= 0:
        os.kill(os.getpid(), signal.SIGKILL)


arm(os.environ.get("AGENT_FAILPOINT", ""))
