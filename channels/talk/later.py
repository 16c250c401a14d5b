"""What takes its time: it is done after the transaction that marks its message, and answered once it is done.

Where a crash comes between, nobody can say whether it was done: the owner is told so at the next start.
"""

from collections.abc import Callable

from channels.rendering.amounts import size
from channels.talk.control import undone
from channels.talk.desk import Desk
from daemon.domain.errors import AgentError
from daemon.domain.principal import Principal
from daemon.domain.visible import exact


def do(desk: Desk, verb: str, task_id: int | None, by: Principal) -> str:
    """Do it and say what came of it; in any thread but the loop's."""
    try:
        return _OF_THE_HOUSE[verb](desk) if task_id is None else _OF_A_TASK[verb](desk, task_id, by)
    except AgentError as problem:
        return desk.say.of_error(problem)


def _undo(desk: Desk, task_id: int, by: Principal) -> str:
    return undone(desk, desk.service.undo(task_id, None, by))


def _redo(desk: Desk, task_id: int, by: Principal) -> str:
    desk.service.redo(task_id, by)
    return desk.say.say("reply.redone", task=task_id)


def _forget(desk: Desk, task_id: int, by: Principal) -> str:
    freed = desk.service.forget(task_id, by)
    return desk.say.say("reply.forgotten", task=task_id, size=size(freed))


def _agents(desk: Desk) -> str:
    """Give every agent, with the tasks that it works on or what keeps it from working."""
    busy = desk.service.reads.activity()
    lines = []
    for one in desk.machine().agents():
        name, say = one.profile.name, desk.say
        tasks = ", ".join(map(str, busy[name].tasks)) if name in busy else ""
        told = say.say("reply.busy", tasks=tasks) if tasks else exact(one.problem) or say.say("reply.free")
        lines.append(f"{'✗' if one.problem else '✓'} {exact(name)} · {told}")
    return "\n".join(lines)


def _models(desk: Desk) -> str:
    lines = [
        f"{'✗' if one.problem else '✓'} {exact(one.name)} · {', '.join(one.tiers) or '-'}"
        + (f" · {exact(one.problem)}" if one.problem else "")
        for one in desk.machine().models()
    ]
    return "\n".join(lines) or desk.say.say("reply.no_models")


def _doctor(desk: Desk) -> str:
    lines = []
    for found in desk.machine().doctor():
        lines.append(f"{'✓' if found.ok else '✗'} {exact(found.name)}: {exact(found.text)}")
        if found.fix and not found.ok:
            lines.append(f"   {exact(found.fix)}")
    return "\n".join(lines)


def _audit(desk: Desk) -> str:
    broken = desk.service.reads.audit_broken()
    if broken is not None:
        return desk.say.say("reply.audit_broken", entry=broken)
    return desk.say.say("reply.audit_whole", head=desk.service.reads.audit_head())


_OF_A_TASK: dict[str, Callable[[Desk, int, Principal], str]] = {"undo": _undo, "redo": _redo, "forget": _forget}
_OF_THE_HOUSE: dict[str, Callable[[Desk], str]] = {
    "agents": _agents,
    "models": _models,
    "doctor": _doctor,
    "audit": _audit,
}
