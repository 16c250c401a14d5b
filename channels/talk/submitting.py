"""Making a task of what was said."""

from channels.talk.desk import Desk, Said
from daemon.domain.message import Became, Handling
from daemon.domain.task import NewTask


def submit(desk: Desk, said: Said, goal: str, *, follows: int | None = None, private: bool = False) -> Handling:
    """Make a task of a message and its files."""
    first = said.first
    files = tuple(blob for message in said.messages for blob in message.files)
    if not goal:
        goal = desk.say.say("goal.quoted" if said.quoted else "goal.files")
    task = desk.service.submit(
        NewTask(
            goal=goal,
            quoted=said.quoted,
            principal=first.principal,
            channel=first.channel,
            external_thread=first.external_thread,
            files=files,
            follows=follows,
            private=private,
            once=f"{first.channel}:{first.external_id}",
        )
    )
    return Handling(Became.TASK, task.id, said.remarks)
