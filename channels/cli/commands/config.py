"""`agent config`: the settings, and where each comes from."""

import click

from channels.cli.parameters import as_json, examples
from channels.cli.session import Session
from channels.cli.text import flat, line


@click.command("config", epilog=examples("agent config", "agent config --json", "agent config init"))
@click.argument("verb", type=click.Choice(["init"]), required=False)
@as_json
@click.pass_obj
def config(session: Session, verb: str | None, as_json: bool) -> None:
    """Show every setting and where it comes from; with `init` write the commented files that are not there yet."""
    if verb is not None:
        _init(session, as_json)
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
