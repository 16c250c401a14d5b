"""`agent approvals | approve | reject`: what waits for the owner, and the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from channels.cli import facts
from channels.cli.parameters import APPROVAL, as_json, examples
from channels.cli.questions import SHORT, whole
from channels.cli.text import flat
from channels.cli.width import cut

if TYPE_CHECKING:
    from channels.cli.session import Session
    from daemon.domain.approval import Approval


@click.command("approvals", epilog=examples("agent approvals", "agent approvals --json"))
@as_json
@click.pass_obj
def approvals(session: Session, as_json: bool) -> None:
    """Show what waits for your answer, each question exactly and whole."""
    asked = session.service.reads.approvals()
    if as_json:
        session.screen.emit({"approvals": [facts.approval(one) for one in asked]})
        return
    session.screen.say(f"Approvals ({len(asked)}):")
    for one in asked:
        session.screen.say()
        session.screen.say(whole(session.screen, one))


@click.command(
    "approve",
    epilog=examples(
        "agent approve abcd1234",
        'agent approve abcd1234 "the second one"',
        "agent approve abcd1234 --always --any content",
        "agent approve abcd1234 --set 'to=ann@example.org'",
    ),
)
@click.argument("approval_id", metavar="ID", type=APPROVAL)
@click.argument("answer", nargs=-1)
@click.option("--always", is_flag=True, help="Allow this very call from now on; agent policy revoke takes it back.")
@click.option(
    "--set", "changes", metavar="ARGUMENT=VALUE", multiple=True, help="Change the call; it is shown and asked again."
)
@click.option("--any", "free", metavar="ARGUMENT", multiple=True, help="With --always: let this argument be any.")
@as_json
@click.pass_obj
def approve(
    session: Session,
    approval_id: str,
    answer: tuple[str, ...],
    always: bool,
    changes: tuple[str, ...],
    free: tuple[str, ...],
    as_json: bool,
) -> None:
    """Say yes to exactly what is shown, or answer a question. The first characters of the id are enough.

    With --always the same call of the same agent is not asked again: with the arguments that are shown and no others,
    in runs that have read no more than this one.
    """
    if changes:
        if always or free or answer:
            raise click.UsageError("--set changes the call and approves nothing: it goes alone.")
        _edit(session, approval_id, changes, as_json)
    elif always or free:
        _allow_always(session, approval_id, " ".join(answer), free if always else None, as_json)
    else:
        _decide(session, approval_id, True, " ".join(answer), as_json)


@click.command("reject", epilog=examples("agent reject abcd1234", 'agent reject abcd1234 "use the other server"'))
@click.argument("approval_id", metavar="ID", type=APPROVAL)
@click.argument("reason", nargs=-1)
@as_json
@click.pass_obj
def reject(session: Session, approval_id: str, reason: tuple[str, ...], as_json: bool) -> None:
    """Say no; the reason is told to the task."""
    _decide(session, approval_id, False, " ".join(reason), as_json)


def _edit(session: Session, typed: str, changes: tuple[str, ...], as_json: bool) -> None:
    import json

    asked = session.service.reads.approval(typed)
    given = json.loads(asked.call).get("arguments", {})
    wanted: dict[str, object] = {}
    for change in changes:
        name, equals, value = change.partition("=")
        if not equals:
            raise click.UsageError("--set wants ARGUMENT=VALUE.")
        wanted[name] = value if isinstance(given.get(name, ""), str) else json.loads(value)
    anew = session.act(lambda house: house.edit(asked.id, wanted, session.owner))
    if as_json:
        session.screen.emit({"approval": facts.approval(anew)})
        return
    session.screen.say("Changed. Nothing is done before a yes to this:")
    session.screen.say(whole(session.screen, anew))


def _allow_always(session: Session, typed: str, words: str, free: tuple[str, ...] | None, as_json: bool) -> None:
    if free is None:
        raise click.UsageError("--any belongs to --always.")
    if words:
        raise click.UsageError("A yes with other words in it approves nothing.")
    asked = session.service.reads.approval(typed)
    rule = session.act(lambda house: house.allow_always(asked.id, free, session.owner))
    if as_json:
        session.screen.emit({"approval": facts.approval(session.service.reads.approval(asked.id)), "rule": rule.id})
        return
    session.screen.say(f"Approved {asked.id[:SHORT]}, and from now on: {flat(rule.words)}")
    session.screen.advise(f"agent policy revoke {rule.id} takes it back")
    _say_what_goes_on(session, asked)


def _decide(session: Session, typed: str, yes: bool, words: str, as_json: bool) -> None:
    asked = session.service.reads.approval(typed)
    words = words.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    decided = session.act(lambda house: house.decide(asked.id, yes, words, session.owner))
    if as_json:
        session.screen.emit({"approval": facts.approval(decided)})
        return
    what = cut(flat(asked.shown.split("\n", 1)[0]), 100)
    session.screen.say(f"{decided.state.value.capitalize()} {asked.id[:SHORT]}: {what}")
    _say_what_goes_on(session, asked)


def _say_what_goes_on(session: Session, asked: Approval) -> None:
    task = session.service.reads.task(asked.task_id)
    run = session.service.reads.run(task.run_id)
    if not session.moves(run):
        session.screen.advise(f"agent run --task {task.id} goes on with it")
