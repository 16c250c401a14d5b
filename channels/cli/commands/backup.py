"""`agent backup`: copy the database while it is in use, and put a copy back."""

from pathlib import Path

import click

from channels.cli import moments
from channels.cli.amounts import size
from channels.cli.parameters import as_json, examples
from channels.cli.session import Session
from channels.cli.text import line

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(
    "backup",
    epilog=examples(
        "agent backup",
        "agent backup --output /mnt/agent.db",
        "agent backup --list",
        "agent backup --restore FILE",
    ),
)
@click.option("--list", "listed", is_flag=True, help="Show the backups that there are, the newest first.")
@click.option("--output", metavar="FILE", type=_FILE, help="Write it there instead.")
@click.option("--restore", metavar="FILE", type=_FILE, help="Put this one in the place of the database.")
@as_json
@click.pass_obj
def backup(session: Session, listed: bool, output: Path | None, restore: Path | None, as_json: bool) -> None:
    """Copy the database, while it is in use, to a file that opens and is consistent; prints its path.

    With --restore a copy takes the place of the database, which is kept beside it.
    """
    if [listed, output is not None, restore is not None].count(True) > 1:
        raise click.UsageError("--list, --output and --restore are three different things; give one.")
    if listed:
        _list(session, as_json)
    elif restore is not None:
        _restore(session, restore, as_json)
    else:
        _copy(session, output, as_json)


def _copy(session: Session, output: Path | None, as_json: bool) -> None:
    path = session.service.back_up(output)
    if as_json:
        session.screen.emit({"backup": str(path), "size": path.stat().st_size})
    else:
        session.screen.say(line(str(path)))


def _restore(session: Session, source: Path, as_json: bool) -> None:
    kept = session.host.machine.restore(source)
    if as_json:
        session.screen.emit({"restored": str(source), "kept": None if kept is None else str(kept)})
        return
    session.screen.say(f"Restored {line(str(source))}")
    if kept is not None:
        session.screen.say(f"The database that was there is kept as {line(str(kept))}")


def _list(session: Session, as_json: bool) -> None:
    found = [(path, path.stat()) for path in session.host.machine.backups()]
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
