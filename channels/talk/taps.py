"""What a tap on a button does. An action is `verb:subject[:more]`; the subject of an answer cannot be guessed."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from channels.rendering.rule import rule_words
from channels.talk.control import control, task_number
from channels.talk.desk import Desk
from daemon.domain.approval import Approval, ApprovalState
from daemon.domain.errors import BadInput, InvalidState
from daemon.domain.message import Became, Handling, Incoming
from daemon.domain.task import NewTask

ONCE = frozenset({"sure", "wide", "back", "forget", "kept", "model"})
"""Verbs after which a message has nothing more to offer."""


@dataclass(frozen=True, slots=True)
class Tap:
    """A tap on a button, by its action."""

    message: Incoming
    action: str


def act(desk: Desk, tap: Tap) -> Handling:
    """Do what a tap says; `says["toast"]` of what is given is a short word to whoever tapped."""
    verb, _, subject = tap.action.partition(":")
    handle = _HANDLERS.get(verb)
    if handle is None or not subject:
        raise BadInput(desk.say.say("reply.unknown", command=verb[:40]))
    return handle(desk, tap, subject)


def _answer(desk: Desk, tap: Tap, approval_id: str, yes: bool, words: str = "") -> Handling:
    asked = _open(desk, approval_id)
    decided = desk.service.decide(asked.id, yes, words, tap.message.principal)
    return _done(desk.say.say(f"answered.{decided.state}"), decided.task_id)


def _open(desk: Desk, approval_id: str) -> Approval:
    asked = desk.service.reads.approval(approval_id)
    if asked.id != approval_id:
        raise BadInput(desk.say.say("reply.unknown", command=approval_id[:8]))
    if asked.state is not ApprovalState.OPEN:
        raise InvalidState(desk.say.say("reply.late", state=desk.say.say(f"answered.{asked.state}")))
    return asked


def _yes(desk: Desk, tap: Tap, subject: str) -> Handling:
    return _answer(desk, tap, subject, True)


def _no(desk: Desk, tap: Tap, subject: str) -> Handling:
    return _answer(desk, tap, subject, False)


def _say(desk: Desk, tap: Tap, subject: str) -> Handling:
    """Answer a question with one of its choices, by its place."""
    approval_id, _, place = subject.partition(":")
    asked = _open(desk, approval_id)
    if not place.isdecimal() or int(place) >= len(asked.choices):
        raise BadInput(desk.say.say("reply.neither"))
    return _answer(desk, tap, approval_id, True, asked.choices[int(place)])


def _always(desk: Desk, tap: Tap, subject: str) -> Handling:
    """Show the rules that a yes for ever would be; nothing is allowed by that."""
    asked, say = _open(desk, subject), desk.say
    text = say.say("reply.sure", words=rule_words(say, desk.service.rule_of(asked.id)))
    buttons = [[[say.say("button.sure"), f"sure:{asked.id}"], [say.say("button.back"), f"back:{asked.id}"]]]
    if asked.content:
        wide = rule_words(say, desk.service.rule_of(asked.id, asked.content))
        text = f"{text}\n\n{say.say('reply.wide', words=wide)}"
        buttons.insert(0, [[say.say("button.wide"), f"wide:{asked.id}"]])
    return Handling(Became.COMMAND, asked.task_id, text, {"buttons": buttons})


def _sure(desk: Desk, tap: Tap, subject: str) -> Handling:
    return _allowed(desk, tap, _open(desk, subject), ())


def _wide(desk: Desk, tap: Tap, subject: str) -> Handling:
    asked = _open(desk, subject)
    return _allowed(desk, tap, asked, asked.content)


def _allowed(desk: Desk, tap: Tap, asked: Approval, free: Collection[str]) -> Handling:
    rule = desk.service.allow_always(asked.id, free, tap.message.principal)
    return Handling(Became.ANSWER, asked.task_id, desk.say.say("reply.rule", words=rule_words(desk.say, rule)))


def _forget(desk: Desk, tap: Tap, subject: str) -> Handling:
    return Handling(Became.COMMAND, task_number(desk, subject, "forget"), later="forget")


def _kept(desk: Desk, tap: Tap, subject: str) -> Handling:
    del tap
    return _done(desk.say.say("button.back"), task_number(desk, subject, "forget"), Became.COMMAND)


def _back(desk: Desk, tap: Tap, subject: str) -> Handling:
    del tap
    return _done(desk.say.say("button.back"), _open(desk, subject).task_id)


def _revoke(desk: Desk, tap: Tap, subject: str) -> Handling:
    if not subject.isdecimal():
        raise BadInput(desk.say.say("reply.unknown", command=subject[:8]))
    rule = desk.service.revoke_rule(int(subject), tap.message.principal)
    return Handling(Became.COMMAND, None, desk.say.say("reply.revoked", words=rule_words(desk.say, rule)))


def _model(desk: Desk, tap: Tap, subject: str) -> Handling:
    """Ask the same again, of an agent that works with a model."""
    before = desk.service.reads.task(task_number(desk, subject, "retry"))
    task = desk.service.submit(
        NewTask(
            goal=before.goal,
            quoted=before.quoted,
            principal=tap.message.principal,
            channel=tap.message.channel,
            external_thread=tap.message.external_thread,
            files=before.files,
            folders=before.folders,
            agent="general",
            private=before.private,
            spoken=before.spoken,
            follows=before.follows,
            once=f"model:{before.id}",
        )
    )
    return _done(desk.say.say("about.task", task=task.id), task.id, Became.TASK)


def _verb(name: str) -> "_Handler":
    def handle(desk: Desk, tap: Tap, subject: str) -> Handling:
        task_id = task_number(desk, subject, name)
        return _done(control(desk, name, task_id, tap.message.principal), task_id, Became.COMMAND)

    return handle


def _done(toast: str, task_id: int | None, became: Became = Became.ANSWER) -> Handling:
    return Handling(became, task_id, "", {"toast": toast})


_Handler = Callable[[Desk, Tap, str], Handling]
_HANDLERS: dict[str, _Handler] = {
    "yes": _yes,
    "no": _no,
    "say": _say,
    "always": _always,
    "sure": _sure,
    "wide": _wide,
    "back": _back,
    "forget": _forget,
    "kept": _kept,
    "revoke": _revoke,
    "model": _model,
    "pause": _verb("pause"),
    "resume": _verb("resume"),
    "cancel": _verb("cancel"),
    "retry": _verb("retry"),
}
