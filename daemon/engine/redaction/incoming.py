"""Taking secrets out of what the owner and others hand in, before it is recorded."""

from dataclasses import replace

from daemon.domain.blob import Blob
from daemon.domain.message import Incoming
from daemon.domain.task import NewTask
from daemon.engine.redaction.redactor import Redactor


def clean_task(redactor: Redactor, new: NewTask) -> NewTask:
    """Give a task with the secrets in its words and file names replaced; the files' bytes are the owner's."""
    return replace(
        new,
        goal=redactor.text(new.goal),
        quoted=redactor.text(new.quoted),
        title=redactor.text(new.title),
        project=new.project and redactor.text(new.project),
        files=_named(redactor, new.files),
    )


def clean_message(redactor: Redactor, message: Incoming) -> Incoming:
    """Give a message with the secrets in its words, details and file names replaced."""
    return replace(
        message,
        text=redactor.text(message.text),
        quoted=redactor.text(message.quoted),
        details=redactor.value(dict(message.details)),
        files=_named(redactor, message.files),
    )


def _named(redactor: Redactor, files: tuple[Blob, ...]) -> tuple[Blob, ...]:
    return tuple(replace(file, name=redactor.text(file.name)) for file in files)
