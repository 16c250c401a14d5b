"""Making a task of what was said."""

from dataclasses import replace

from channels.rendering.rendered import beginning, lines
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
    return Handling(Became.TASK, task.id, lines(told(desk, said), held))


def begin_anew(desk: Desk, said: Said, task_id: int, remark: str = "") -> Handling:
    """Begin a task anew with what has come for it: its words, and with it, as it follows that task, its files.

    Whose words they were, and that they were spoken, stays so.
    """
    before = desk.service.reads.task(task_id)
    if not before.status.final:
        desk.service.cancel(task_id, said.first.principal)
    said = replace(
        said,
        quoted="\n\n".join(text for text in (before.quoted, said.quoted) if text),
        remarks=lines(remark, said.remarks),
        spoken=said.spoken or before.spoken,
    )
    return submit(desk, said, lines(before.goal, said.text), follows=task_id)


def material(desk: Desk, said: Said) -> str:
    """Give the words of others, and the names of files that did not come: they are others' words as well."""
    lost = desk.say.say("goal.not_taken", names=", ".join(said.not_taken)) if said.not_taken else ""
    return "\n\n".join(part for part in (said.quoted, lost) if part)


def told(desk: Desk, said: Said) -> str:
    """Give what the owner is told beside what is done: what was heard, and what could not be taken along."""
    return lines(heard(desk, said), said.remarks)


def heard(desk: Desk, said: Said) -> str:
    """Give what the owner is told that was heard; "" where nothing was spoken."""
    return desk.say.say("reply.heard", text=beginning(said.text, _LONGEST_HEARD)) if said.spoken else ""
