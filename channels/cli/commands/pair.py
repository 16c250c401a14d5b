"""`agent pair`: which accounts at a channel are yours."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click

from channels.cli import moments
from channels.cli.parameters import as_json, examples
from channels.cli.text import flat
from daemon.domain.errors import AgentError, BadInput, NotFound

if TYPE_CHECKING:
    from channels.cli.session import Session
    from daemon.engine.service import Paired

CHANNELS = ("telegram",)


@click.command(
    "pair",
    epilog=examples(
        "agent pair telegram",
        "agent pair telegram --code K7WD-93XM",
        "agent pair telegram --list",
        "agent pair telegram --revoke 123456789",
    ),
)
@click.argument("channel", type=click.Choice(CHANNELS))
@click.option("--code", help="The code that the channel shows you; without it you are asked for it.")
@click.option("--list", "only_list", is_flag=True, help="Show the accounts that are yours.")
@click.option("--revoke", metavar="ACCOUNT", help="Let an account no longer be yours.")
@as_json
@click.pass_obj
def pair(session: Session, channel: str, code: str | None, only_list: bool, revoke: str | None, as_json: bool) -> None:
    """Make an account at a channel yours: write to the bot, and type the code that it shows.

    For ten minutes the bot answers whoever writes to it with a code. Only the one whose code you type here commands it.
    """
    if revoke is not None:
        _revoke(session, channel, revoke, as_json)
    elif only_list:
        _list(session, channel, as_json)
    elif code is not None:
        _said(session, session.act(lambda house: house.post.pair(channel, code, session.owner)), as_json)
    else:
        _ask(session, channel, as_json)


def _list(session: Session, channel: str, as_json: bool) -> None:
    found = session.service.reads.paired(channel)
    if as_json:
        session.screen.emit({"accounts": [_facts(one) for one in found]})
        return
    session.screen.say(f"Accounts at {channel} ({len(found)}):")
    for one in found:
        when = (moments.ago if session.screen.terminal else moments.plain)(one.at)
        session.screen.say(f"  {one.who}: {flat(one.name)}, {when}")


def _revoke(session: Session, channel: str, who: str, as_json: bool) -> None:
    was = session.act(lambda house: house.post.unpair(channel, who, session.owner))
    if not was:
        raise NotFound(f"The account {flat(who)} is not yours at {channel}.", f"agent pair {channel} --list")
    if as_json:
        session.screen.emit({"revoked": who})
        return
    session.screen.say(f"{flat(who)} commands no longer at {channel}.")


def _ask(session: Session, channel: str, as_json: bool) -> None:
    until = session.act(lambda house: house.post.open_door(channel, session.owner))
    if not session.daemon_lives():
        session.screen.tell("No daemon runs, so nobody answers there: start it with agent daemon.")
    session.screen.tell(
        f"Write anything to your bot at {channel} (until {time.strftime('%H:%M', time.localtime(until))})."
    )
    session.screen.flush()
    try:
        while not _confirmed(session, channel, _typed(), as_json):
            pass
    except (KeyboardInterrupt, BadInput):
        session.act(lambda house: house.post.close_door(channel))
        raise


def _confirmed(session: Session, channel: str, typed: str, as_json: bool) -> bool:
    """Take a code; says whether it was right. Raises what went wrong once the door is closed."""
    try:
        paired = session.act(lambda house: house.post.pair(channel, typed, session.owner))
    except AgentError as problem:
        if session.service.reads.door(channel, time.time()).until is None:
            raise
        session.screen.tell(str(problem))
        return False
    _said(session, paired, as_json)
    return True


def _typed() -> str:
    """Give the code that the owner types; the end of the input ends the pairing."""
    if sys.stdin is not None and sys.stdin.isatty():
        try:
            return str(click.prompt("Code", err=True))
        except click.Abort:
            raise KeyboardInterrupt from None
    line = sys.stdin.readline() if sys.stdin is not None else ""
    if not line:
        raise BadInput("There is no code on standard input.", "agent pair telegram --code CODE")
    return line.strip()


def _said(session: Session, one: Paired, as_json: bool) -> None:
    if as_json:
        session.screen.emit({"paired": _facts(one)})
        return
    session.screen.say(f"{flat(one.name)} ({one.who}) is you: what comes from there is done.")


def _facts(one: Paired) -> dict[str, object]:
    return {"account": one.who, "name": one.name, "channel": one.channel, "at": moments.utc(one.at)}
