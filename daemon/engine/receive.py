"""What comes in by a channel: stored and committed first, then handled, each once (STATES.md, incoming message)."""

from collections.abc import Callable, Sequence

from daemon.domain.blob import Blob
from daemon.domain.errors import AgentError, StoreError
from daemon.domain.failpoint import failpoint
from daemon.domain.message import Handling, Incoming, IncomingState, OutgoingKind
from daemon.domain.principal import Role
from daemon.engine.queue_message import queue
from daemon.store import approvals, audit, database, inbox, outbox, runs, tasks


def receive(messages: Sequence[Incoming], now: float) -> int:
    """Store messages; once this returns they may be acknowledged. Gives how many were not stored before."""
    with database.transaction():
        new = sum(inbox.store(message, now) for message in messages)
    failpoint("receive.stored")
    return new


def move_conversation(channel: str, old: str, new: str) -> None:
    """Write that a channel calls a conversation otherwise."""
    with database.transaction():
        tasks.rename_conversation(channel, old, new)
        inbox.move_thread(channel, old, new)


def show_progress(run_id: int, now: float) -> None:
    """Queue the one message in which the progress of a run is seen."""
    with database.transaction():
        run = runs.get(run_id)
        if not run.status.final:
            task = tasks.get(run.task_id)
            queue(task, OutgoingKind.PROGRESS, task.title, now, run_id=run_id, once=f"progress:{run_id}")


def keep(message: Incoming, files: Sequence[Blob]) -> None:
    """Write which files a stored message brought along."""
    with database.transaction():
        inbox.keep(message.id, files)


def write_details(message: Incoming) -> None:
    """Write what the channel has found out about a stored message."""
    with database.transaction():
        inbox.write_details(message.id, message.details)


def handle(
    messages: Sequence[Incoming], act: Callable[[], Handling], sorry: Callable[[AgentError], str], now: float
) -> Handling | None:
    """Do what messages that belong together say, in one transaction with the mark that it was done.

    Gives None where they were handled before, or nothing came of them. What `act` refuses changes nothing, and `sorry`
    says so in the conversation.
    """
    first = messages[0]
    with database.transaction():
        messages = [message for message in messages if inbox.close(message.id, IncomingState.HANDLED)]
        if not messages:
            return None
        failpoint("receive.marked")
        if any(message.principal.role is not Role.OWNER for message in messages):
            _refuse(messages, "only the owner commands", now)
            return None
        try:
            with database.transaction():
                handling = act()
        except StoreError:
            raise
        except AgentError as problem:
            _refuse(messages, str(problem), now)
            reply = sorry(problem)
            if reply:
                _reply(first, reply, {}, None, now)
            return None
        for message in messages:
            inbox.became(message.id, handling.became, handling.task_id)
        if handling.later:
            inbox.write_details(first.id, {**first.details, "later": handling.later})
        run_id = None if handling.task_id is None else tasks.get(handling.task_id).run_id
        if handling.reply:
            _reply(first, handling.reply, dict(handling.says), run_id, now)
    failpoint("receive.handled")
    return handling


def refuse(messages: Sequence[Incoming], reason: str, reply: str, now: float) -> None:
    """Write that nothing comes of messages; `reply`, where there is one, says so."""
    with database.transaction():
        closed = [message for message in messages if inbox.close(message.id, IncomingState.REFUSED, reason=reason)]
        if closed and reply:
            _reply(closed[0], reply, {}, None, now)


def say(to: Incoming, text: str, now: float) -> None:
    """Answer a message."""
    with database.transaction():
        _reply(to, text, {}, None, now)


def show_question(approval_id: str, near: Incoming, now: float) -> None:
    """Write a question once more into the conversation of a message; part of the caller's transaction."""
    asked = approvals.get(approval_id)
    outbox.add(
        tasks.conversation_of(near.channel, near.external_thread, now),
        OutgoingKind.APPROVAL,
        asked.shown,
        now=now,
        run_id=asked.run_id,
        approval_id=asked.id,
        once=f"shown:{asked.id}:{near.id}",
    )


def _refuse(messages: Sequence[Incoming], reason: str, now: float) -> None:
    for message in messages:
        inbox.refused(message.id, reason)
    first = messages[0]
    actor = f"{first.principal.role}:{first.channel}:{first.principal.proof}"
    audit.add("message refused", actor, {"message": first.external_id, "why": reason}, now)


def _reply(message: Incoming, text: str, says: dict[str, object], run_id: int | None, now: float) -> None:
    conversation_id = tasks.conversation_of(message.channel, message.external_thread, now)
    outbox.add(
        conversation_id,
        OutgoingKind.NOTICE,
        text,
        now=now,
        run_id=run_id,
        once=f"reply:{message.id}",
        says=says,
        answers=message.message,
    )
