"""Taking secrets out of what a tool gave back, before anybody sees it."""

from dataclasses import fields, replace
from typing import Any

from daemon.domain.call import Emit, Outcome, ToolCall
from daemon.domain.model import ModelReply
from daemon.engine.redaction.redactor import Redactor


def clean_outcome(redactor: Redactor, outcome: Outcome) -> Outcome:
    """Give an outcome with the secrets in its text, file names and emits replaced."""
    return replace(
        outcome,
        text=redactor.text(outcome.text),
        files=redactor.value(outcome.files),
        emits=tuple(_clean_emit(redactor, emit) for emit in outcome.emits),
    )


def clean_reply(redactor: Redactor, reply: ModelReply) -> ModelReply:
    """Give a model's reply with the secrets in its text and calls replaced: these are the calls that are made."""
    return replace(
        reply,
        text=redactor.text(reply.text),
        calls=tuple(clean_call(redactor, call) for call in reply.calls),
        elsewhere=tuple(clean_call(redactor, call) for call in reply.elsewhere),
        problems=tuple(map(redactor.text, reply.problems)),
        kept=redactor.value(dict(reply.kept)),
        attempts=tuple(replace(attempt, problem=redactor.text(attempt.problem)) for attempt in reply.attempts),
    )


def clean_call(redactor: Redactor, call: ToolCall) -> ToolCall:
    """Give a call with the secrets in its name and arguments replaced."""
    return replace(call, tool=redactor.text(call.tool), arguments=redactor.value(dict(call.arguments)))


def _clean_emit(redactor: Redactor, emit: Emit) -> Emit:
    changed: dict[str, Any] = {}
    for field in fields(emit):
        value = getattr(emit, field.name)
        if type(value) in (str, tuple):
            changed[field.name] = redactor.value(value)
    return replace(emit, **changed)
