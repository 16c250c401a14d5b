"""What comes in by a channel: stored and committed first, then turned into a task (STATES.md, incoming message)."""

from daemon.domain.errors import BadInput
from daemon.domain.message import Incoming, IncomingState
from daemon.domain.principal import Role
from daemon.domain.task import NewTask
from daemon.engine.submit import submit
from daemon.store import database, inbox
from daemon.store.home import Home


def receive(message: Incoming, now: float) -> bool:
    """Store a message; once this returns it may be acknowledged. False where it was stored before."""
    with database.transaction():
        return inbox.store(message, now)


def handle_stored(home: Home, now: float) -> list[int]:
    """Turn what is stored into tasks, each once however often this is cut off; gives the tasks."""
    made = []
    for message in inbox.stored():
        if message.principal.role is not Role.OWNER:
            _close(message, IncomingState.REFUSED, reason="only the owner gives tasks")
            continue
        try:
            task = submit(home, _task_of(message), now)
        except BadInput as problem:
            _close(message, IncomingState.REFUSED, reason=str(problem))
            continue
        _close(message, IncomingState.HANDLED, task_id=task.id)
        made.append(task.id)
    return made


def _task_of(message: Incoming) -> NewTask:
    return NewTask(
        goal=message.text,
        principal=message.principal,
        channel=message.channel,
        external_thread=message.external_thread,
        files=message.files,
        once=f"{message.channel}:{message.external_id}",
    )


def _close(message: Incoming, state: IncomingState, *, task_id: int | None = None, reason: str = "") -> None:
    with database.transaction():
        inbox.close(message.id, state, task_id=task_id, reason=reason)
