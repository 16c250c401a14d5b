"""`agent backup`: copy the database while it is in use."""

from pathlib import Path

import click

from channels.cli import moments
from channels.cli.amounts import size
from channels.cli.parameters import as_json, examples
from channels.cli.session import Session
from channels.cli.text import line


@click.command("backup", epilog=examples("agent backup", "agent backup --output /mnt/agent.db", "agent backup --list"))
@click.option("--list", "listed", is_flag=True, help="Show the backups that there are, the newest first.")
@click.option(
    "--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write it there instead."
)
@as_json
@click.pass_obj
def backup(session: Session, listed: bool, output: Path | None, as_json: bool) -> None:
    """Copy the database, while it is in use, to a file that opens and is consistent; prints its path."""
    if listed:
        _list(session, as_json)
        return
    path = session.service.back_up(output)
    if as_json:
        session.screen.emit({"backup": str(path), "size": path.stat().st_size})
    else:
        session.screen.say(line(str(path)))


def _list(session: Session, as_json: bool) -> None:
    found = [(path, path.stat()) for path in session.service.home.backups.glob("*.db")]
    found.sort(key=lambda one: one[1].st_mtime, reverse=True)
    if as_json:
        session.screen.emit(
            {
                "backups": [
                    {"path": str(path), "size": stat.st_size, "at": moments.utc(stat.st_mtime)} for path, stat in found
                ]
            }
        )
        return
    for path, stat in found:
        session.screen.say(f"{moments.plain(stat.st_mtime)}  {size(stat.st_size)}  {line(str(path))}")
    if not found:
        session.screen.advise("There are none yet: agent backup makes one")
