"""`agent config`: the settings, and where each comes from."""

import click

from channels.cli.amounts import counted
from channels.cli.parameters import as_json, examples
from channels.cli.session import Session
from channels.cli.text import flat, line


@click.command(
    "config", epilog=examples("agent config", "agent config --json", "agent config init", "agent config reload")
)
@click.argument("verb", type=click.Choice(["init", "reload"]), required=False)
@as_json
@click.pass_obj
def config(session: Session, verb: str | None, as_json: bool) -> None:
    """Show every setting and where it comes from.

    With `init` write the commented files that are not there yet; with `reload` check what is written and let
    every daemon read it again, without losing work.
    """
    if verb is not None:
        (_init if verb == "init" else _reload)(session, as_json)
        return
    found = session.host.machine.config()
    if as_json:
        session.screen.emit(
            {"settings": [{"key": key, "value": value, "from": source} for key, value, source in found]}
        )
        return
    for key, value, source in found:
        shown = "" if value is None else flat(str(value))
        session.screen.say(f"{flat(key)}: {shown}  {session.screen.paint(f'({flat(source)})', 'dim')}")


def _init(session: Session, as_json: bool) -> None:
    written = [str(path) for path in session.host.machine.config_init()]
    if as_json:
        session.screen.emit({"written": written})
        return
    for path in written:
        session.screen.say(line(path))
    if not written:
        session.screen.tell("Everything was there already; nothing was written.")


def _reload(session: Session, as_json: bool) -> None:
    asked = session.host.machine.reload()
    if as_json:
        session.screen.emit({"daemons": asked})
    else:
        session.screen.say(f"The configuration is sound; {counted(asked, 'daemon')} will read it again")
