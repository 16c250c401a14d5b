"""The shapes of `--json`: stable keys, times in ISO 8601 UTC, money in dollars, sizes in bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from channels.cli import moments
from channels.cli.amounts import dollars

if TYPE_CHECKING:
    from daemon.domain.approval import Approval
    from daemon.domain.message import Outgoing
    from daemon.domain.run import Run
    from daemon.domain.step import Step
    from daemon.domain.task import Task
    from daemon.domain.update import Update
    from daemon.engine.service import Service, TaskLine


def task_line(line: TaskLine) -> dict[str, Any]:
    """Give what a list knows of a task."""
    return {
        "id": line.id,
        "title": line.title,
        "status": line.status.value,
        "project": line.project,
        "priority": line.priority,
        "created_at": moments.utc(line.created_at),
    }


def task(found: Task) -> dict[str, Any]:
    """Give all that was asked."""
    return {
        "id": found.id,
        "title": found.title,
        "goal": found.goal,
        "status": found.status.value,
        "project": found.project,
        "priority": found.priority,
        "agent": found.agent,
        "tier": found.tier,
        "private": found.private,
        "hold": found.hold,
        "budget": None if found.limits.money is None else dollars(found.limits.money),
        "files": [{"name": blob.name, "size": blob.size, "sha256": blob.digest} for blob in found.files],
        "folders": [folder.path for folder in found.folders],
        "writable_folders": [folder.path for folder in found.folders if folder.writable],
        "channel": found.principal.channel,
        "created_at": moments.utc(found.created_at),
    }


def run(service: Service, found: Run) -> dict[str, Any]:
    """Give one execution, with where its files lie."""
    return {
        "id": found.id,
        "number": found.number,
        "status": found.status.value,
        "waiting_for": found.waiting_for.value if found.waiting_for else None,
        "stage": found.stage.value if found.stage else None,
        "percent": found.percent,
        "labels": sorted(label.value for label in found.labels),
        "result": found.result,
        "error": found.error,
        "files": [
            {
                "name": blob.name,
                "path": str(service.result_path(found, blob.name)),
                "size": blob.size,
                "media_type": blob.media_type,
                "sha256": blob.digest,
            }
            for blob in found.files
        ],
        "steps": found.usage.steps,
        "model_calls": found.usage.model_calls,
        "tokens": found.usage.tokens,
        "cost": dollars(found.usage.money),
        "created_at": moments.utc(found.created_at),
        "started_at": moments.utc(found.started_at),
        "ended_at": moments.utc(found.ended_at),
    }


def approval(asked: Approval) -> dict[str, Any]:
    """Give a question and what became of it."""
    return {
        "id": asked.id,
        "task": asked.task_id,
        "kind": asked.kind.value,
        "state": asked.state.value,
        "shown": asked.shown,
        "choices": list(asked.choices),
        "answer": asked.answer,
        "decided_by": asked.decided_by,
        "created_at": moments.utc(asked.created_at),
        "expires_at": moments.utc(asked.expires_at),
        "decided_at": moments.utc(asked.decided_at),
    }


def step(found: Step) -> dict[str, Any]:
    """Give a recorded step, whole."""
    return {
        "seq": found.seq,
        "kind": found.kind.value,
        "name": found.name,
        "status": found.status.value,
        "effect": found.effect.value if found.effect else None,
        "labels": sorted(label.value for label in found.labels),
        "model": found.model or None,
        "input": found.input,
        "output": found.output,
        "tokens": found.usage.tokens,
        "cost": dollars(found.usage.money),
        "started_at": moments.utc(found.started_at),
        "ended_at": moments.utc(found.ended_at),
    }


def update(found: Update) -> dict[str, Any]:
    """Give a line of the history."""
    return {"id": found.id, "kind": found.kind.value, "text": found.text, "at": moments.utc(found.at)}


def message(found: Outgoing) -> dict[str, Any]:
    """Give what was written to the owner."""
    return {
        "id": found.id,
        "run": found.run_id,
        "kind": found.kind.value,
        "text": found.text,
        "at": moments.utc(found.created_at),
    }
