"""What a message means: an answer, a command, a word to a running task, a task that goes on, or a new one.

Everything here runs in the store's thread, within the transaction that marks the message as handled: what is done is
done exactly once, and what is refused changes nothing.
"""

import json
from collections.abc import Sequence
from dataclasses import replace

from channels.rendering.rendered import lines
from channels.talk import commands
from channels.talk.about import answered_task
from channels.talk.answer import Change, No, Yes, chosen, is_stop, read_answer
from channels.talk.desk import Desk, Said
from channels.talk.submitting import begin_anew, material, submit, told
from daemon.domain.approval import Approval, ApprovalKind, ApprovalState
from daemon.domain.errors import AgentError, BadInput, NotFound
from daemon.domain.message import Became, Handling
from daemon.domain.run import RunStatus, WaitingFor
from daemon.domain.task import Task
from daemon.domain.visible import exact

_BY_SKILL = "skill:"
_COMMENT_SECONDS = 2.0


def act(desk: Desk, said: Said) -> Handling:
    """Do what a message says."""
    if is_stop(said.text) and not said.spoken:
        return commands.stop(desk, said)
    if said.text.startswith("/"):
        handling = _command(desk, said)
        if handling is not None:
            return handling
    late = _album_before(desk, said)
    if late is not None:
        return begin_anew(desk, said, late, desk.say.say("reply.late_album", task=late))
    comment = _comment_before(desk, said)
    if comment is not None:
        return _about_this(desk, said, comment)
    if said.answers:
        handling = _reply(desk, said)
        if handling is not None:
            return handling
    return _answer_to_the_only_question(desk, said) or _steer(desk, said) or _new_task(desk, said, _recent(desk, said))


def _command(desk: Desk, said: Said) -> Handling | None:
    """Do a command; files that came with one that wants none are named."""
    unused = _unused(desk, said)
    if not unused:
        return commands.act(desk, said)
    try:
        handling = commands.act(desk, said)
    except AgentError as problem:
        raise BadInput(lines(desk.say.of_error(problem), unused)) from problem
    if handling is None or handling.became is not Became.COMMAND:
        return handling
    return replace(handling, reply=lines(handling.reply, unused))


def _unused(desk: Desk, said: Said) -> str:
    """Name the files of a message that makes nothing of them."""
    names = ", ".join(exact(name) for name in said.file_names)
    return desk.say.say("reply.files_unused", names=names) if names else ""


def _album_before(desk: Desk, said: Said) -> int | None:
    """Give the task that was made of an album to which this belongs and came too late."""
    first, album = said.first, said.first.details.get("group")
    return desk.service.reads.task_of_album(first.channel, first.external_thread, str(album)) if album else None


def _comment_before(desk: Desk, said: Said) -> int | None:
    """Give the task that was made of a comment on what is passed on here, and came a moment before it."""
    if not said.quoted or said.text:
        return None
    before = desk.service.reads.received_before(said.first)
    if before is None or before.became != Became.TASK or not before.text:
        return None
    return before.task_id if said.first.sent_at - before.sent_at <= _COMMENT_SECONDS else None


def _about_this(desk: Desk, said: Said, task_id: int) -> Handling:
    """Hand what was passed on to the task of the comment, or begin that anew with it."""
    if desk.service.reads.task(task_id).status.final or said.has_files:
        return begin_anew(desk, said, task_id)
    return steer(desk, said, task_id)


def _reply(desk: Desk, said: Said) -> Handling | None:
    """Take a reply to a message of ours or of the owner's; None where it is about nothing that we know."""
    first, reads = said.first, desk.service.reads
    sent = reads.sent_message(first.channel, said.answers)
    if sent is not None and sent.approval_id is not None:
        return _answer(desk, said, reads.approval(sent.approval_id))
    task_id = answered_task(desk, said)
    if task_id is None:
        return None
    task = reads.task(task_id)
    if task.status.final or said.has_files:
        return _new_task(desk, said, task_id)
    if _is_done_by_a_skill(desk, task):
        raise BadInput(desk.say.say("reply.deaf", task=task_id))
    return steer(desk, said, task_id)


def _answer(desk: Desk, said: Said, asked: Approval) -> Handling:
    """Take the answer to a question. Only the owner's own words answer, and only a yes alone approves."""
    say, by = desk.say, said.first.principal
    if said.has_files and asked.kind is ApprovalKind.QUESTION and asked.state is ApprovalState.OPEN:
        # An answer is only words.
        return begin_anew(desk, said, asked.task_id, desk.say.say("reply.begins_anew", task=asked.task_id))
    if said.quoted or not said.text:
        raise BadInput(say.say("reply.not_own"))
    if asked.state is not ApprovalState.OPEN:
        raise BadInput(say.say("reply.late", state=say.say(f"answered.{asked.state}")))
    if asked.kind is ApprovalKind.QUESTION:
        desk.service.decide(asked.id, True, chosen(said.text, asked.choices), by)
        return Handling(Became.ANSWER, asked.task_id, told(desk, said))
    if said.spoken:
        raise BadInput(say.say("reply.spoken_answer"))
    answer = read_answer(said.text, _arguments(asked))
    match answer:
        case Yes():
            desk.service.decide(asked.id, True, "", by)
        case No(reason):
            desk.service.decide(asked.id, False, reason, by)
        case Change(arguments):
            desk.service.edit(asked.id, arguments, by)
        case None:
            raise BadInput(say.say("reply.neither"))
    return Handling(Became.ANSWER, asked.task_id, lines(told(desk, said), _unused(desk, said)))


def _arguments(asked: Approval) -> dict[str, object]:
    found: dict[str, object] = json.loads(asked.call).get("arguments", {}) if asked.kind is ApprovalKind.CALL else {}
    return found


def _answer_to_the_only_question(desk: Desk, said: Said) -> Handling | None:
    """Take words for the answer to the one question that a task of this conversation asks and that was seen before."""
    if not _only_words(said):
        return None
    asked = _open_here(desk, said)
    in_words = [one for one in asked if one.kind is ApprovalKind.QUESTION and one.created_at <= said.first.sent_at]
    if len(asked) == len(in_words) == 1:
        return _answer(desk, said, in_words[0])
    if in_words:
        raise BadInput(desk.say.say("reply.which"))
    if asked and isinstance(read_answer(said.text, {}), (Yes, No)):
        raise BadInput(desk.say.say("reply.which" if len(asked) > 1 else "reply.which_one"))
    return None


def _open_here(desk: Desk, said: Said) -> list[Approval]:
    first, reads = said.first, desk.service.reads
    waiting = reads.tasks_in(first.channel, first.external_thread, (RunStatus.WAITING,), 20)
    return [one for task_id in waiting for one in reads.approvals(reads.task(task_id).run_id)]


def _steer(desk: Desk, said: Said) -> Handling | None:
    """Hand words to the task that is under way in this conversation, where it was taken before they were written."""
    if said.has_files:
        return None
    first, reads = said.first, desk.service.reads
    alive = (RunStatus.RUNNING, RunStatus.WAITING)
    for task_id in reads.tasks_in(first.channel, first.external_thread, alive, 5):
        task = reads.task(task_id)
        run = reads.run(task.run_id)
        heard = task.created_at <= first.sent_at
        listens = run.status is not RunStatus.WAITING or run.waiting_for is not WaitingFor.MODEL
        if heard and listens and not _is_done_by_a_skill(desk, task):
            return steer(desk, said, task_id)
    return None


def _is_done_by_a_skill(desk: Desk, task: Task) -> bool:
    """Say whether a skill does a task, which does not listen; before that is settled, whether one will."""
    plan = desk.service.reads.plan(task.run_id)
    return plan.startswith(_BY_SKILL) if plan else _names_a_skill(desk, task.goal, [blob.name for blob in task.files])


def steer(desk: Desk, said: Said, task_id: int) -> Handling:
    """Hand words to a task."""
    desk.service.steer(task_id, said.text, said.first.principal, material(desk, said))
    reads = desk.service.reads
    asked = reads.approvals(reads.task(task_id).run_id)
    is_asked = any(one.kind is not ApprovalKind.QUESTION for one in asked)
    still_open = desk.say.say("reply.still_open", task=task_id) if is_asked else ""
    return Handling(Became.STEER, task_id, lines(told(desk, said), still_open))


def _only_words(said: Said) -> bool:
    return bool(said.text) and not said.quoted and not said.has_files


def _recent(desk: Desk, said: Said) -> int | None:
    """Give the task whose result was the last word here, if that was not long ago and nothing new was begun.

    New things are begun by files, by /new, and by words that a skill knows.
    """
    first, reads = said.first, desk.service.reads
    if said.has_files or _names_a_skill(desk, said.text):
        return None
    newest = reads.tasks_in(first.channel, first.external_thread)
    if not newest:
        return None
    run = reads.run(reads.task(newest[0]).run_id)
    if not run.status.final or run.ended_at is None:
        return None
    if reads.begun_anew(first.channel, first.external_thread, run.ended_at):
        return None
    return newest[0] if run.ended_at <= first.sent_at <= run.ended_at + desk.follow else None


def _new_task(desk: Desk, said: Said, follows: int | None) -> Handling:
    return submit(desk, said, said.text, follows=follows)


def _names_a_skill(desk: Desk, text: str, files: Sequence[str] = ()) -> bool:
    try:
        return desk.skills.match(text, files, ()) is not None
    except NotFound:
        return False
