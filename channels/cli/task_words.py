"""How a task is spoken of: its mark, its colour, its state in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from channels.cli.amounts import money
from channels.cli.moments import duration
from channels.cli.text import flat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daemon.domain.message import Outgoing
    from daemon.domain.run import Run
    from daemon.domain.update import Update
    from daemon.engine.service import Service, TaskLine

_MARKS = {"pending": " ", "running": ">", "waiting": "?", "paused": "P", "done": "X", "error": "!", "cancelled": "-"}
_COLOURS = {"running": "cyan", "waiting": "yellow", "paused": "yellow", "done": "green", "error": "red"}


def list_line(line: TaskLine) -> str:
    """Give the plain form of a task in a list: `[X] 2: Clean up logs (done)`."""
    return f"[{_MARKS[line.status.value]}] {line.id}: {flat(line.title)} ({line.status.value})"


def colour_of(status: str) -> str:
    """Give the colour of a status, or nothing."""
    return _COLOURS.get(status, "")


def standing(run: Run) -> str:
    """Say how a run stands: "waiting for the owner", "running, build 40 %"."""
    said = run.status.value
    if run.status.value == "waiting" and run.waiting_for is not None:
        said += {
            "owner": " for your answer",
            "model": " for a model",
            "budget": " for your word on its limit",
            "children": " for the parts that it handed on",
        }[run.waiting_for.value]
    if run.status.final:
        return said
    if run.stage is not None or run.percent is not None:
        said += f", {run.stage.value}" if run.stage is not None else ","
        said += f" {run.percent} %" if run.percent is not None else ""
    return said


def taken(run: Run) -> str:
    """Say what a run took: "2.4 s, $0.31"."""
    if run.started_at is None:
        return money(run.usage.money)
    spent = (run.ended_at - run.started_at) if run.ended_at is not None else float(run.usage.seconds)
    return f"{duration(spent)}, {money(run.usage.money)}"


def place(channel: str) -> str:
    """Name a channel in a sentence: "the terminal"."""
    return {"cli": "the terminal", "telegram": "Telegram", "web": "the web page", "api": "a program"}.get(
        channel, flat(channel)
    )


def why_it_waits(service: Service, run: Run) -> str:
    """Give the reason that was recorded when the run began to wait."""
    said = [line.text for line in updates(service, run.task_id) if line.run_id == run.id]
    reasons = [text.removeprefix("waiting: ") for text in said if text.startswith("waiting: ")]
    return reasons[-1] if reasons else ""


def messages(service: Service, run: Run) -> list[Outgoing]:
    """Give what a run wrote to its owner on its way, but for the reason why it waits, which is told by itself."""
    reason = why_it_waits(service, run) if run.status.value == "waiting" else None
    return [
        written
        for written in service.reads.messages(run.id)
        if written.kind.value in ("message", "notice") and written.text != reason
    ]


def updates(service: Service, task_id: int, after: int = 0) -> Iterator[Update]:
    """Give the whole history of a task, page by page."""
    while page := service.reads.history(task_id, after):
        yield from page
        after = page[-1].id
