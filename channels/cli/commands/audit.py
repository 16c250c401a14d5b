"""`agent audit`: the log of all that was done, asked, answered and refused."""

import click

from channels.cli.commands.why import entry_facts
from channels.cli.log_words import LogWords
from channels.cli.parameters import COUNT, TASK, as_json, examples
from channels.cli.prose import timed
from channels.cli.session import Session


@click.command("audit", epilog=examples("agent audit", "agent audit --task 3", "agent audit verify"))
@click.argument("verb", type=click.Choice(["verify"]), required=False)
@click.option("--task", "task_id", type=TASK, metavar="N", help="Only what concerns one task.")
@click.option("--limit", type=COUNT, default=50, show_default=True, metavar="N", help="Show the newest N.")
@as_json
@click.pass_obj
def audit(session: Session, verb: str | None, task_id: int | None, limit: int, as_json: bool) -> int:
    """Show the newest entries of the audit log; with `verify` check that none was changed or taken out."""
    if verb is not None:
        return _verify(session, as_json)
    if task_id is not None:
        session.service.reads.task(task_id)
    entries = session.service.reads.audit(task_id, limit)
    if as_json:
        session.screen.emit({"audit": [entry_facts(entry) for entry in entries]})
        return 0
    words = LogWords(entries)
    for entry in entries:
        concerns = f"task {entry.task_id}  " if entry.task_id is not None and task_id is None else ""
        session.screen.say(timed(session.screen, entry.at, words.said(entry), f"{entry.id}  {concerns}"))
    return 0


def _verify(session: Session, as_json: bool) -> int:
    broken, head = session.service.reads.audit_broken(), session.service.reads.audit_head()
    if as_json:
        session.screen.emit({"ok": broken is None, "broken_at": broken, "head": head})
    elif broken is None:
        session.screen.say(f"The log is whole. Its head is {head}")
    else:
        session.screen.say(f"Entry {broken} does not fit the one before it: the log was changed from outside.")
    return 0 if broken is None else 1
