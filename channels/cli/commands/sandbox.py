"""`agent sandbox`: run a command exactly as a task would."""

from pathlib import Path

import click

from channels.cli.moments import duration
from channels.cli.parameters import examples
from channels.cli.session import Session


@click.command(
    "sandbox",
    epilog=examples(
        "agent sandbox -- python3 -c 'print(1)'",
        "agent sandbox --workspace ./scratch -- sh -c 'ls -la; id'",
    ),
)
@click.option(
    "--workspace",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Work in this folder; without it in an empty one that is thrown away.",
)
@click.argument("argv", metavar="-- CMD", nargs=-1, required=True, type=click.UNPROCESSED)
@click.pass_obj
def sandbox(session: Session, workspace: Path | None, argv: tuple[str, ...]) -> int:
    """Run a command as a task would: no network, nothing of your home folder, the same limits.

    The exit code is that of the command, or 128 and the signal that ended it.
    """
    done = session.host.machine.sandbox(argv, workspace)
    reasons = {
        "timeout": f"It was ended after {duration(done.seconds)}: the most that a command may take.",
        "output": "It was ended: it wrote more than a command may.",
        "stopped": "It was stopped.",
    }
    if done.ending.value in reasons:
        session.screen.tell(f"agent: {reasons[done.ending.value]}")
    return done.status
