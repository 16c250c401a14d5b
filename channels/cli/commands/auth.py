"""`agent auth`: the keys of model providers. A key is read from the terminal or a pipe, and never shown."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from channels.cli import moments
from channels.cli.parameters import as_json, examples
from channels.cli.text import flat
from daemon.domain.errors import BadInput

if TYPE_CHECKING:
    from channels.cli.session import Session
    from daemon.domain.key import ListedKey

_MOST_BYTES = 1024 * 1024
_TYPED = "agent auth set"
"""The source of a key that is kept, as the house calls it."""


@click.group(
    "auth",
    invoke_without_command=True,
    epilog=examples("agent auth", "agent auth set anthropic", "agent auth set MAIL_PASSWORD < password.txt"),
)
@click.pass_context
def auth(ctx: click.Context) -> None:
    """Show, keep and forget keys. Models name them as secret/NAME; only the model process reads them."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(status)


@auth.command("status", epilog=examples("agent auth status", "agent auth status --json"))
@as_json
@click.pass_obj
def status(session: Session, as_json: bool) -> None:
    """List the keys that models need and those that are kept: where each comes from, never its value."""
    found = session.host.machine.keys()
    if as_json:
        session.screen.emit({"keys": [asdict(key) | {"is_set": bool(key.sources)} for key in found]})
        return
    listed = [key for key in found if key.sources or key.models or key.problem]
    session.screen.say(f"Keys ({len(listed)}):")
    for key in listed:
        session.screen.say(_line(session, key))
    others = [key.name for key in found if key not in listed]
    if others:
        session.screen.say(f"Not set: {', '.join(others)}")
    session.screen.advise("agent auth set NAME keeps one")


@auth.command("set", epilog=examples("agent auth set anthropic", "agent auth set OPENAI_API_KEY < key.txt"))
@click.argument("name")
@click.argument("typed", nargs=-1, metavar="")
@as_json
@click.pass_obj
def set_(session: Session, name: str, typed: tuple[str, ...], as_json: bool) -> None:
    """Keep a key: NAME is a variable's name, or a provider as anthropic, openai, openrouter.

    The key is asked for without showing it, or read from standard input where that is a file or a pipe. It lies in
    a file of its own that only you can read, and takes the place of the one before. A daemon takes it up at once.
    """
    if typed:
        raise BadInput(
            "A key as an argument is seen by every program of this machine, and stays in your shell's history.",
            "Make a new one at the provider, then: agent auth set NAME (it asks), or agent auth set NAME < FILE",
        )
    kept = session.host.machine.set_key(name, _read(session), "cli")
    if as_json:
        session.screen.emit({"key": asdict(kept)})
        return
    session.screen.say(f"Kept {flat(kept.name)}{_for(kept)}")
    if not kept.models:
        session.screen.advise(f"No model needs it yet: write api_key: secret/{flat(kept.name)} in models.yaml")
    if kept.sources[:1] != (_TYPED,) and kept.sources:
        session.screen.tell(f"{flat(kept.name)} is also set by {kept.sources[0]}, and that one counts.")


@auth.command("logout", epilog=examples("agent auth logout anthropic"))
@click.argument("name")
@as_json
@click.pass_obj
def logout(session: Session, name: str, as_json: bool) -> None:
    """Forget a key that was kept by agent auth set."""
    dropped = session.host.machine.drop_key(name, "cli")
    if as_json:
        session.screen.emit({"key": asdict(dropped)})
        return
    session.screen.say(f"Forgot {flat(dropped.name)}")
    if dropped.sources:
        session.screen.tell(f"{flat(dropped.name)} is still set by {dropped.sources[0]}.")


def _line(session: Session, key: ListedKey) -> str:
    mark = "[X]" if key.sources else "[ ]"
    what = f"from {key.sources[0]}" if key.sources else f"not set: agent auth set {flat(key.name)}"
    what = flat(key.problem) or what
    if key.kept_at is not None and key.sources[:1] == (_TYPED,):
        what += f", {(moments.ago if session.screen.terminal else moments.plain)(key.kept_at)}"
    also = f" (also in {', '.join(key.sources[1:])})" if key.sources[1:] else ""
    return f"  {mark} {flat(key.name)}: {what}{also}{_for(key)}"


def _for(key: ListedKey) -> str:
    return f", for {', '.join(map(flat, key.models))}" if key.models else ""


def _read(session: Session) -> str:
    """Read a key; nothing of it is shown."""
    if sys.stdin is None:
        raise BadInput("There is no standard input to read the key from.", "agent auth set NAME < FILE")
    if not sys.stdin.isatty():
        return sys.stdin.buffer.read(_MOST_BYTES).decode("utf-8", "surrogateescape")
    session.screen.flush()
    try:
        return str(click.prompt("Key (not shown)", hide_input=True, err=True, default="", show_default=False))
    except click.Abort:
        raise KeyboardInterrupt from None
