"""Which task a message is about that answers another one."""

from channels.talk.desk import Desk, Said
from daemon.domain.errors import NotFound


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
