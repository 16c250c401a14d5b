"""Commands of chats and mails: "/pause 12". The same for every channel; a menu shows them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from channels.rendering.amounts import money
from channels.rendering.reasons import reasons
from channels.rendering.rendered import beginning
from channels.rendering.rule import rule_words
from channels.talk.about import answered_task, command_of
from channels.talk.control import control, not_now, task_number
from channels.talk.desk import Desk, Said
from channels.talk.submitting import submit
from daemon.domain.errors import BadInput, InvalidState
from daemon.domain.message import Became, Handling
from daemon.domain.run import RunStatus
from daemon.domain.step import StepStatus
from daemon.domain.visible import exact

MENU = (
    "new",
    "tasks",
    "task",
    "status",
    "approvals",
    "pause",
    "resume",
    "cancel",
    "retry",
    "undo",
    "redo",
    "log",
    "why",
    "find",
    "private",
    "skills",
    "agents",
    "rules",
    "stats",
    "models",
    "doctor",
    "audit",
    "forget",
    "stop",
    "help",
)
"""The commands in the order of a menu; `command.NAME` says what each does."""

if TYPE_CHECKING:
    from daemon.engine.service import TaskLine

_MOST = 10
_MOST_ENTRIES = 2_000
_MOST_STEPS = 30
_LONGEST_RESULT = 1_500
_MARKS = {StepStatus.DONE: "✓", StepStatus.FAILED: "✗", StepStatus.UNKNOWN: "?"}


def act(desk: Desk, said: Said) -> Handling | None:
    """Do a command; a skill's name makes a task; None for what is no command at all, as a path."""
    name, rest = command_of(said.text)
    if not name:
        return None
    handle = _HANDLERS.get(name)
    if handle is not None:
        return handle(desk, said, rest)
    skills = {skill.name for skill in desk.skills.all()}
    for spelled in (name, name.replace("_", "-")):
        if spelled in skills:
            return submit(desk, said, f"/{spelled} {rest}".strip(), follows=answered_task(desk, said))
    raise BadInput(desk.say.say("reply.unknown", command=name))


def _reply(text: str, task_id: int | None = None, **says: object) -> Handling:
    return Handling(Became.COMMAND, task_id, text, says)


def _meant(desk: Desk, said: Said, rest: str, command: str) -> int:
    """Give the task that a command is about: its number, or that of the message that it answers."""
    answered = None if rest else answered_task(desk, said)
    return task_number(desk, rest, command) if answered is None else answered


def _control(verb: str) -> _Handler:
    def handle(desk: Desk, said: Said, rest: str) -> Handling:
        task_id = _meant(desk, said, rest, verb)
        return _reply(control(desk, verb, task_id, said.first.principal), task_id)

    return handle


def _new(desk: Desk, said: Said, rest: str) -> Handling:
    if rest or said.has_files or said.quoted:
        return submit(desk, said, rest)
    return _reply(desk.say.say("reply.new"))


def _private(desk: Desk, said: Said, rest: str) -> Handling:
    if not rest and not said.has_files:
        raise BadInput(desk.say.say("reply.private"))
    return submit(desk, said, rest, follows=answered_task(desk, said), private=True)


def _tasks(desk: Desk, said: Said, rest: str) -> Handling:
    del said, rest
    return _reply(_lines(desk, desk.service.reads.page(most=_MOST)))


def _find(desk: Desk, said: Said, rest: str) -> Handling:
    del said
    if not rest:
        raise BadInput(desk.say.say("reply.find"))
    found = desk.service.reads.search(rest, _MOST)
    return _reply(_lines(desk, found) if found else desk.say.say("reply.found_nothing"))


def _lines(desk: Desk, found: list[TaskLine]) -> str:
    if not found:
        return desk.say.say("reply.no_tasks")
    lines = [f"{line.id} · {exact(line.title)} · {desk.say.say(f'status.{line.status}')}" for line in found]
    return "\n".join([desk.say.say("reply.tasks"), *lines])


def _task(desk: Desk, said: Said, rest: str) -> Handling:
    say, reads = desk.say, desk.service.reads
    task = reads.task(_meant(desk, said, rest, "task"))
    run = reads.run(task.run_id)
    lines = [f"{say.say('about.task', task=task.id)}: {exact(task.title)}", say.say(f"status.{run.status}")]
    if run.error:
        lines.append(beginning(run.error, _LONGEST_RESULT))
    lines += [f"• {exact(blob.name)}" for blob in run.files]
    result = beginning(run.result or "", _LONGEST_RESULT)
    verbs = ("retry",) if run.status.final else (("resume" if run.status is RunStatus.PAUSED else "pause"), "cancel")
    buttons = [[[say.say(f"button.{verb}"), f"{verb}:{task.id}"] for verb in verbs]]
    return _reply("\n".join(lines), task.id, buttons=buttons, markdown=result)


def _status(desk: Desk, said: Said, rest: str) -> Handling:
    del said, rest
    say, reads = desk.say, desk.service.reads
    counts = {status.value: 0 for status in RunStatus} | {str(key): count for key, count in reads.counts().items()}
    lines = [say.say("reply.status", **counts), _spent(desk)]
    open_ones = reads.approvals()
    if open_ones:
        lines.append(f"{say.say('reply.open')} {len(open_ones)} (/approvals)")
    return _reply("\n".join(lines))


def _spent(desk: Desk) -> str:
    spent = {line.scope.partition(":")[0]: line.money for line in desk.service.reads.spent(time.time())}
    return desk.say.say("reply.spent", today=money(spent.get("day", 0)), month=money(spent.get("month", 0)))


def _approvals(desk: Desk, said: Said, rest: str) -> Handling:
    """Show every open question here, with its buttons, whatever channel its task came from."""
    del rest
    asked = desk.service.reads.approvals()
    if not asked:
        return _reply(desk.say.say("reply.nothing_open"))
    for one in asked[:_MOST]:
        desk.service.post.show_question(one.id, said.first)
    return _reply(desk.say.say("reply.open") + (f" {_MOST}/{len(asked)}" if len(asked) > _MOST else ""))


def stop(desk: Desk, said: Said, rest: str = "") -> Handling:
    """Pause everything."""
    del rest
    stopped = desk.service.stop_all(said.first.principal)
    if not stopped:
        return _reply(desk.say.say("reply.stopped_nothing"))
    return _reply(desk.say.say("reply.stopped", count=len(stopped)))


def _why(desk: Desk, said: Said, rest: str) -> Handling:
    reads = desk.service.reads
    task = reads.task(_meant(desk, said, rest, "why"))
    lines = [f"{desk.say.say('about.task', task=task.id)}: {exact(task.title)}"]
    lines += [f"• {line}" for line in reasons(desk.say, reads.audit(task.id, _MOST_ENTRIES))]
    return _reply("\n".join(lines), task.id)


def _skills(desk: Desk, said: Said, rest: str) -> Handling:
    del said, rest
    found = [skill for skill in desk.skills.all() if skill.entry is not None]
    if not found:
        return _reply(desk.say.say("reply.no_skills"))
    lines = [f"/{skill.name.replace('-', '_')} · {exact(skill.description)[:160]}" for skill in found]
    return _reply("\n".join([desk.say.say("reply.skills"), *lines]))


def _agents(desk: Desk, said: Said, rest: str) -> Handling:
    del said, rest
    return Handling(Became.COMMAND, later="agents")


def _rules(desk: Desk, said: Said, rest: str) -> Handling:
    del said, rest
    found = desk.service.reads.own_rules()
    if not found:
        return _reply(desk.say.say("reply.no_rules"))
    buttons = [[[f"{desk.say.say('button.revoke')} {rule.id}", f"revoke:{rule.id}"]] for rule in found[:_MOST]]
    return _reply("\n".join(f"{rule.id} · {rule_words(desk.say, rule)}" for rule in found[:_MOST]), buttons=buttons)


def _stats(desk: Desk, said: Said, rest: str) -> Handling:
    del said, rest
    total = desk.service.reads.totals()
    told = {"done": total.done, "error": total.error, "calls": total.model_calls, "money": money(total.money)}
    return _reply(f"{desk.say.say('reply.stats', **told)}\n{_spent(desk)}")


def _later(desk: Desk, said: Said, rest: str) -> Handling:
    """Check that there is such a task; the channel does the rest once the message is marked."""
    name = command_of(said.text)[0]
    task_id = _meant(desk, said, rest, name)
    if desk.service.reads.task(task_id).status in (RunStatus.PENDING, RunStatus.RUNNING):
        raise InvalidState(not_now(desk, task_id))
    return Handling(Became.COMMAND, task_id, later=name)


def _around(desk: Desk, said: Said, rest: str) -> Handling:
    """Have the house or what stands around it looked at."""
    del desk, rest
    return Handling(Became.COMMAND, later=command_of(said.text)[0])


def _forget(desk: Desk, said: Said, rest: str) -> Handling:
    """Say what would go; only the button deletes it."""
    say, task = desk.say, desk.service.reads.task(_meant(desk, said, rest, "forget"))
    if not task.status.final:
        raise InvalidState(not_now(desk, task.id))
    buttons = [[[say.say("button.forget"), f"forget:{task.id}"], [say.say("button.back"), f"kept:{task.id}"]]]
    return _reply(say.say("reply.forget", task=task.id, title=exact(task.title)), task.id, buttons=buttons)


def _log(desk: Desk, said: Said, rest: str) -> Handling:
    """Show the last steps of a task."""
    say, reads = desk.say, desk.service.reads
    task = reads.task(_meant(desk, said, rest, "log"))
    steps = reads.steps(task.run_id)
    lines = [f"{say.say('about.task', task=task.id)}: {exact(task.title)}"]
    lines += [f"{step.seq} · {exact(step.name)} {_MARKS.get(step.status, '…')}" for step in steps[-_MOST_STEPS:]]
    return _reply("\n".join(lines), task.id)


def _help(desk: Desk, said: Said, rest: str) -> Handling:
    del said, rest
    lines = [f"/{name} · {desk.say.say(f'command.{name}')}" for name in MENU]
    return _reply("\n".join([desk.say.say("reply.help"), "", *lines]))


def _start(desk: Desk, said: Said, rest: str) -> Handling:
    del said, rest
    return _reply(desk.say.say("reply.hello"))


_Handler = Callable[[Desk, Said, str], Handling]
_HANDLERS: dict[str, _Handler] = {
    "new": _new,
    "tasks": _tasks,
    "task": _task,
    "status": _status,
    "approvals": _approvals,
    "pause": _control("pause"),
    "resume": _control("resume"),
    "cancel": _control("cancel"),
    "retry": _control("retry"),
    "undo": _later,
    "redo": _later,
    "why": _why,
    "log": _log,
    "models": _around,
    "doctor": _around,
    "audit": _around,
    "forget": _forget,
    "find": _find,
    "private": _private,
    "skills": _skills,
    "agents": _agents,
    "rules": _rules,
    "stats": _stats,
    "stop": stop,
    "help": _help,
    "start": _start,
}
