"""What a message is about: the task that it answers, and whether that is private."""

import re

from channels.talk.desk import Desk, Said
from daemon.domain.errors import NotFound

_NAME = re.compile(r"/([A-Za-z0-9_-]{1,64})(?:@\w+)?[:,]?(?:\s+|$)")


def command_of(text: str) -> tuple[str, str]:
    """Give the name of a command, in small letters, and what follows it; an empty name where it is none."""
    found = _NAME.match(text)
    return ("", "") if found is None else (found[1].lower(), text[found.end() :].strip())


def answered_task(desk: Desk, said: Said) -> int | None:
    """Give the task of the message that is answered, be it ours or the owner's; None where there is none (any more)."""
    if not said.answers:
        return None
    first, reads = said.first, desk.service.reads
    sent = reads.sent_message(first.channel, said.answers)
    try:
        if sent is not None and sent.run_id is not None:
            return reads.run(sent.run_id).task_id
        received = reads.received_message(first.channel, said.answers)
        if received is not None and received.task_id is not None:
            return reads.task(received.task_id).id
    except NotFound:  # forgotten since
        return None
    return None


def is_confidential(desk: Desk, said: Said) -> bool:
    """Say whether a message is to reach the owner's own models alone: it says so, or goes on with what does."""
    if command_of(said.text)[0] == "private":
        return True
    reads = desk.service.reads
    newest = reads.tasks_in(said.first.channel, said.first.external_thread)
    about = answered_task(desk, said) or next(iter(newest), None)
    return about is not None and reads.task(about).private
