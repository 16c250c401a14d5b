"""Taking secrets out of what the owner and others hand in, before it is recorded."""

from dataclasses import replace
from typing import Any

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
    """Give a message with the secrets in its words and file names replaced.

    Of the details, which only the channel reads, only what is called a name holds words of people: the rest are handles
    that must stay as they are.
    """
    return replace(
        message,
        text=redactor.text(message.text),
        quoted=redactor.text(message.quoted),
        details=_with_names(redactor, dict(message.details)),
        files=_named(redactor, message.files),
    )


def _named(redactor: Redactor, files: tuple[Blob, ...]) -> tuple[Blob, ...]:
    return tuple(replace(file, name=redactor.text(file.name)) for file in files)


def _with_names(redactor: Redactor, value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: redactor.text(one) if key == "name" and isinstance(one, str) else _with_names(redactor, one)
            for key, one in value.items()
        }
    return [_with_names(redactor, one) for one in value] if isinstance(value, list) else value
