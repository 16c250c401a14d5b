"""`agent list`: the tasks, the oldest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from channels.cli import facts, moments
from channels.cli.parameters import COUNT, as_json, examples
from channels.cli.task_words import colour_of, list_line
from channels.cli.text import flat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from channels.cli.session import Session
    from daemon.engine.service import TaskLine

_STATUSES = ("pending", "running", "waiting", "paused", "done", "error", "cancelled")
_STRIDE = 1000
"""Tasks that are read at once when all are listed: memory stays small however many there are."""


@click.command(
    "list",
    epilog=examples(
        "agent list",
        "agent list --status waiting --status paused",
        "agent list --project taxes --all",
        "agent list --json --limit 10",
    ),
)
@click.option(
    "--status", "names", type=click.Choice(_STATUSES), multiple=True, help="Only those that stand so; can be repeated."
)
@click.option("--project", metavar="NAME", help="Only those of a project.")
@click.option("--all", "everything", is_flag=True, help="Show all, however many.")
@click.option("--limit", type=COUNT, default=50, show_default=True, metavar="N", help="Show the newest N.")
@as_json
@click.pass_obj
def list_tasks(
    session: Session, names: tuple[str, ...], project: str | None, everything: bool, limit: int, as_json: bool
) -> None:
    """List the tasks: [ ] pending, [>] running, [?] waiting, [P] paused, [X] done, [!] error, [-] cancelled."""
    from daemon.domain.run import RunStatus

    wanted: dict[str, Any] = {"statuses": [RunStatus(name) for name in names], "project": project}
    if everything:
        lines, more = _all(session, wanted), False
    else:
        page = session.service.reads.page(**wanted, most=limit + 1)
        lines, more = iter(page[:limit][::-1]), len(page) > limit
    if as_json:
        session.screen.emit({"tasks": [facts.task_line(line) for line in lines], "more": more})
    elif session.screen.terminal:
        _print_table(session, list(lines))
    else:
        session.screen.say("Tasks:")
        for line in lines:
            session.screen.say(f"  {list_line(line)}")
    if more and not as_json:
        session.screen.advise("There are older ones: agent list --all")


def _all(session: Session, wanted: dict[str, Any]) -> Iterator[TaskLine]:
    """Give all tasks, the oldest first, reading no more than a stride at once."""
    newest = session.service.reads.page(**wanted, most=1)
    below = 1
    while newest and below <= newest[0].id:
        page = session.service.reads.page(**wanted, before=below + _STRIDE, most=_STRIDE)
        yield from (line for line in reversed(page) if line.id >= below)
        below += _STRIDE


def _print_table(session: Session, lines: list[TaskLine]) -> None:
    from channels.cli.table import print_table

    if not lines:
        session.screen.say('There are no such tasks. agent "disk report" makes one.')
        return
    tagged = any(line.project for line in lines)
    head = ("TASK", "STATUS", "TITLE", *(("PROJECT",) if tagged else ()), "ADDED")
    print_table(
        session.screen,
        head,
        [_cells(line, tagged) for line in lines],
        gives_way=2,
        colours=[("", colour_of(line.status.value), *[""] * (len(head) - 3), "dim") for line in lines],
    )


def _cells(line: TaskLine, tagged: bool) -> tuple[str, ...]:
    project = (flat(line.project or ""),) if tagged else ()
    return (str(line.id), line.status.value, flat(line.title), *project, moments.ago(line.created_at))
