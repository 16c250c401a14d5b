"""Making a task of what was said."""

from channels.rendering.rendered import beginning
from channels.talk.answer import is_stop
from channels.talk.desk import Desk, Said
from daemon.domain.message import Became, Handling
from daemon.domain.task import NewTask

_LONGEST_HEARD = 700


def submit(desk: Desk, said: Said, goal: str, *, follows: int | None = None, private: bool = False) -> Handling:
    """Make a task of a message and its files."""
    first = said.first
    files = tuple(blob for message in said.messages for blob in message.files)
    if not goal:
        goal = desk.say.say("goal.quoted" if said.quoted else "goal.files")
    task = desk.service.submit(
        NewTask(
            goal=goal,
            quoted=material(desk, said),
            principal=first.principal,
            channel=first.channel,
            external_thread=first.external_thread,
            files=files,
            follows=follows,
            private=private,
            spoken=said.spoken,
            once=f"{first.channel}:{first.external_id}",
        )
    )
    held = ""
    if any(is_stop(text) for text in desk.service.reads.commands_since(first)):
        # It was said before the stop, so it must not begin after it.
        desk.service.pause(task.id, first.principal)
        held = desk.say.say("reply.held", task=task.id)
    parts = (told(desk, said), held)
    return Handling(Became.TASK, task.id, "\n".join(part for part in parts if part))


def material(desk: Desk, said: Said) -> str:
    """Give the words of others, and the names of files that did not come: they are others' words as well."""
    lost = desk.say.say("goal.not_taken", names=", ".join(said.not_taken)) if said.not_taken else ""
    return "\n\n".join(part for part in (said.quoted, lost) if part)


def told(desk: Desk, said: Said) -> str:
    """Give what the owner is told beside what is done: what was heard, and what could not be taken along."""
    return "\n".join(part for part in (heard(desk, said), said.remarks) if part)


def heard(desk: Desk, said: Said) -> str:
    """Give what the owner is told that was heard; "" where nothing was spoken."""
    return desk.say.say("reply.heard", text=beginning(said.text, _LONGEST_HEARD)) if said.spoken else ""
