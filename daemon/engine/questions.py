"""Questions about exact calls: what they cover, what is shown, and the owner's answer to them."""

from collections.abc import Callable, Sequence

from daemon.domain.approval import Approval, ApprovalKind, ApprovalState
from daemon.domain.call import ToolCall
from daemon.domain.canonical import digest_of
from daemon.domain.effect import Labels
from daemon.domain.run import Run, RunStatus, WaitingFor
from daemon.domain.task import Task
from daemon.engine.goal import visible
from daemon.engine.intent import announce
from daemon.engine.parts import Parts
from daemon.store import approvals, database, runs

_LONGEST = 20_000


def call_digest(call: ToolCall, state: str, task: Task) -> str:
    """Name a call and its circumstances: its place in the run, the folders it may see, the workspace's state."""
    folders = [[folder.path, folder.writable] for folder in task.folders]
    return digest_of([call.digest(), call.id, folders, state])


def answer_to(run_id: int, digest: str) -> Approval | None:
    """Give the question about this call whose answer was not used yet."""
    return approvals.answered(run_id, ApprovalKind.CALL, digest)


def ask(
    parts: Parts, task: Task, run: Run, calls: Sequence[ToolCall], state: str, shown_of: Callable[[ToolCall], str]
) -> None:
    """Write a question for each call, one message for all, and let the run wait; one transaction."""
    now = parts.clock.now()
    with database.transaction():
        runs.fence(run)
        for call in calls:
            text = shown_of(call)
            asked = approvals.add(
                run,
                ApprovalKind.CALL,
                call={"tool": call.tool, "arguments": dict(call.arguments)},
                digest=call_digest(call, state, task),
                shown=text,
                now=now,
                lifetime=parts.lifetime,
            )
            announce(task, run, asked.id, text, now)
        runs.move(run.id, RunStatus.WAITING, now, why="it asks", waiting_for=WaitingFor.OWNER)
    parts.wake.ring()


def refusal_text(asked: Approval) -> str:
    """Say to the caller what the owner said."""
    if asked.state is ApprovalState.EXPIRED:
        return "Not done: the owner did not answer in time."
    return f"Not done: the owner said no{': ' + asked.answer if asked.answer else '.'}"


def shown(call: ToolCall, agent: str, reason: str, labels: Labels) -> str:
    """Give the text of a question: exactly what will happen, and why it is asked."""
    lines = [f"{agent} wants to use {call.tool}:"]
    for name, value in call.arguments.items():
        text = value if isinstance(value, str) else repr(value)
        lines.append(f"  {name}: {visible(text)[:_LONGEST]}")
    lines.append(f"Asked because {reason}.")
    if labels:
        lines.append(f"The run has read: {' and '.join(sorted(labels))}.")
    return "\n".join(lines)
