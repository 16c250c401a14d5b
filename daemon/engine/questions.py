"""Questions about exact calls: what they cover, what is shown, and the owner's answer to them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from daemon.domain.approval import Approval, ApprovalKind, ApprovalState
from daemon.domain.call import ToolCall
from daemon.domain.canonical import canonical, digest_of
from daemon.domain.effect import Label, Labels
from daemon.domain.run import Run, RunStatus, WaitingFor
from daemon.domain.step import Step
from daemon.domain.task import Task
from daemon.domain.visible import exact, set_in
from daemon.engine.intent import announce
from daemon.engine.parts import Parts
from daemon.store import approvals, database, runs

_FIRST_LINES, _SHORT, _MOST_SOURCES = 2, 160, 3
"""How much of what was read from outside is shown beside a question."""


def call_digest(call: ToolCall, state: str, task: Task) -> str:
    """Name a call and its circumstances: its place in the run, the folders it may see, the workspace's state."""
    folders = [[folder.path, folder.writable] for folder in task.folders]
    return digest_of([call.digest(), call.id, folders, state])


def answer_to(run_id: int, digest: str) -> Approval | None:
    """Give the question about this call whose answer was not used yet."""
    return approvals.answered(run_id, ApprovalKind.CALL, digest)


def changed(asked: Approval) -> Approval:
    """Give the question about the call as the owner changed it."""
    anew = approvals.instead_of(asked.id)
    if anew is None:
        raise RuntimeError(f"nothing was asked instead of {asked.id}")
    return anew


def ask(
    parts: Parts,
    task: Task,
    run: Run,
    calls: Sequence[ToolCall],
    state: str,
    why_of: Callable[[ToolCall], Mapping[str, Any]],
) -> None:
    """Write a question for each call, one message for all, and let the run wait; one transaction."""
    now = parts.clock.now()
    with database.transaction():
        runs.fence(run)
        for call in calls:
            given = {"tool": call.tool, "arguments": dict(call.arguments), "effect": _effect(parts, call)}
            given |= {"id": call.id, "state": state}
            _write(given, why_of(call), task, run, now, parts.lifetime)
        runs.move(run.id, RunStatus.WAITING, now, why="it asks", waiting_for=WaitingFor.OWNER)
    parts.wake.ring()


def ask_again(asked: Approval, given: dict[str, Any], task: Task, run: Run, now: float, lifetime: float) -> Approval:
    """Write the question about a call that the owner changed; part of the caller's transaction."""
    return _write(given, asked.why, task, run, now, lifetime, instead_of=asked.id)


def _write(
    given: dict[str, Any],
    why: Mapping[str, Any],
    task: Task,
    run: Run,
    now: float,
    lifetime: float,
    instead_of: str | None = None,
) -> Approval:
    call = ToolCall(given["id"], given["tool"], given["arguments"])
    text = shown(call, why)
    asked = approvals.add(
        run,
        ApprovalKind.CALL,
        call=given,
        digest=call_digest(call, given["state"], task),
        shown=text,
        now=now,
        lifetime=lifetime,
        why=why,
        instead_of=instead_of,
    )
    announce(task, run, asked.id, text, now)
    return asked


def _effect(parts: Parts, call: ToolCall) -> str:
    return parts.tools[call.tool].effect(call.arguments).value


def refusal_text(asked: Approval) -> str:
    """Say to the caller what the owner said."""
    if asked.state is ApprovalState.EXPIRED:
        return "Not done: the owner did not answer in time."
    return f"Not done: the owner said no{': ' + asked.answer if asked.answer else '.'}"


def reasons(agent: str, rule: str, reason: str, labels: Labels, sources: Sequence[str]) -> dict[str, Any]:
    """Give why a call is asked about, as JSON values: what `shown` and whoever says it in another language reads."""
    return {"agent": agent, "rule": rule, "reason": reason, "labels": sorted(labels), "sources": list(sources)}


def shown(call: ToolCall, why: Mapping[str, Any]) -> str:
    """Give the text of a question: exactly what will happen, why it is asked, and what from outside was read before.

    Nothing in an argument can look like a line of ours: what follows its first line is set in.
    """
    lines = [f"{why['agent']} wants to use {call.tool}:"]
    for name, value in call.arguments.items():
        text = value if isinstance(value, str) else canonical(value)
        lines.append(f"  {name}: {set_in(exact(text))}")
    lines.append(f"Asked because {why['reason']}.")
    if why["labels"]:
        lines.append(f"The run has read: {' and '.join(why['labels'])}.")
    lines += [f"  from {set_in(source)}" for source in why["sources"]]
    return "\n".join(lines)


def sources_of(task: Task, steps: Sequence[Step]) -> list[str]:
    """Say what of the text from outside the run read last, each with its first lines."""
    found = [f"your file {exact(blob.name)}" for blob in task.files]
    for step in steps:
        if Label.UNTRUSTED in step.labels and step.output:
            given = (step.input or {}).get("arguments", {}) if isinstance(step.input, Mapping) else {}
            where = next((value for value in given.values() if isinstance(value, str)), "")
            first = " / ".join(str(step.output.get("text", "")).strip().split("\n")[:_FIRST_LINES])
            found.append(f"{step.name} {_short(where)}: {_short(first)}".replace(" : ", ": "))
    return found[-_MOST_SOURCES:]


def _short(text: str) -> str:
    flat = " ".join(exact(text).split())
    return flat if len(flat) <= _SHORT else f"{flat[: _SHORT - 1]}…"
