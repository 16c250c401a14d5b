"""Pause, resume, cancel, retry from a chat: with a sentence for what is not possible now."""

from channels.talk.desk import Desk
from daemon.domain.errors import BadInput, InvalidState, NotFound
from daemon.domain.principal import Principal
from daemon.domain.turned_back import TurnedBack
from daemon.domain.visible import exact

_DONE = {"pause": "paused", "resume": "resumed", "cancel": "cancelled", "retry": "retried"}


def control(desk: Desk, verb: str, task_id: int, by: Principal) -> str:
    """Do it, and say that it is done; raises InvalidState with a sentence where the task's state forbids it."""
    service = desk.service
    verbs = {"pause": service.pause, "resume": service.resume, "cancel": service.cancel, "retry": service.retry}
    try:
        verbs[verb](task_id, by)
    except InvalidState as refused:
        raise InvalidState(not_now(desk, task_id)) from refused
    return desk.say.say(f"reply.{_DONE[verb]}", task=task_id)


def not_now(desk: Desk, task_id: int) -> str:
    """Say how a task stands."""
    status = desk.service.reads.task(task_id).status
    return desk.say.say("reply.not_now", task=task_id, status=desk.say.say(f"status.{status}"))


def undone(desk: Desk, back: TurnedBack) -> str:
    """Say how far a task was taken back, and what of it nobody can take back."""
    say = desk.say
    stays = [exact(step.name) for step in back.outside] + [exact(folder) for folder in back.folders]
    told = say.say("reply.undone", task=back.task_id, step=back.step.seq)
    return "\n".join([told, *(say.say("reply.stays", what=what) for what in dict.fromkeys(stays))])


def task_number(desk: Desk, typed: str, command: str) -> int:
    """Give the task that a number names; raises BadInput or NotFound with a sentence."""
    digits = typed.strip().lstrip("#")
    if not digits.isdecimal() or len(digits) > 15:
        raise BadInput(desk.say.say("reply.which_task", command=command))
    try:
        return desk.service.reads.task(int(digits)).id
    except NotFound as missing:
        raise NotFound(desk.say.say("reply.no_task", task=digits)) from missing
