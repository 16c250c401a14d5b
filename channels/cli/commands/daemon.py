"""`agent daemon`: work on the queue until stopped."""

import click

from channels.cli.parameters import examples
from channels.cli.session import Session


@click.command("daemon", epilog=examples("agent daemon", "agent daemon & agent add 'disk report'"))
@click.pass_obj
def daemon(session: Session) -> None:
    """Work on the queue in the foreground, until Ctrl-C or SIGTERM. What it was doing goes on at the next start."""
    session.host.worker.serve()
