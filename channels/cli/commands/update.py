"""`agent update`: bring this installation to the newest version."""

import click

from channels.cli.parameters import examples
from channels.cli.session import Session
from channels.cli.text import block


@click.command("update", epilog=examples("agent update"))
@click.pass_obj
def update(session: Session) -> None:
    """Bring this installation to the newest version; runs that are under way go on afterwards."""
    session.host.machine.update(lambda said: _tell(session, said))


def _tell(session: Session, said: str) -> None:
    session.screen.say(block(said))
    session.screen.flush()
