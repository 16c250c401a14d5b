"""`agent export | import`: everything as JSON, out and in."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from channels.cli.amounts import counted
from channels.cli.parameters import as_json, examples
from channels.cli.text import line
from daemon.domain.errors import BadInput

if TYPE_CHECKING:
    from channels.cli.session import Session


@click.command("export", epilog=examples("agent export --output all.json", "agent export > all.json"))
@click.option("--format", "form", type=click.Choice(["json"]), default="json", help="The form; json is the only one.")
@click.option("--output", metavar="FILE", default="-", help="Write there, readable by you alone; - is standard output.")
@click.pass_obj
def export(session: Session, form: str, output: str) -> None:
    """Write all tasks with their runs, steps, notes and history as one document."""
    document = session.service.export()
    if output == "-":
        session.screen.emit(document)
        return
    path = Path(output)
    partial = path.with_name(f"{path.name}.partial")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            json.dump(document, file, indent=2)
        partial.replace(path)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise BadInput(f"{line(output)} cannot be written: {reason}.", "Give another with --output.") from problem
    session.screen.tell(f"Wrote {counted(len(document['tasks']), 'task')} as {form.upper()} to {line(output)}")


@click.command(
    "import", epilog=examples("agent import all.json", "agent import tasks.json", "agent import - < all.json")
)
@click.argument("file", metavar="FILE")
@as_json
@click.pass_obj
def import_(session: Session, file: str, as_json: bool) -> None:
    """Add the tasks of an export or of a tasks.json, all or none; what is there already is not added again."""
    added = session.service.import_(_parsed(_read(file), file), session.owner)
    if as_json:
        session.screen.emit({"added": added})
        return
    session.screen.say(f"Imported {counted(len(added), 'task')}")
    if added:
        session.screen.advise("What was not finished is on hold: agent run --task N does it")


def _read(file: str) -> bytes:
    try:
        if file == "-" and sys.stdin is not None:
            return sys.stdin.buffer.read()
        return Path(file).read_bytes()
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise BadInput(f"{line(file)} cannot be read: {reason}.", "Check the name and rights.") from problem


def _parsed(content: bytes, file: str) -> object:
    try:
        return json.loads(content)
    except UnicodeDecodeError as problem:
        raise BadInput(f"{line(file)} is no text in UTF-8.", "Give an export or a tasks.json.") from problem
    except json.JSONDecodeError as problem:
        raise BadInput(
            f"{line(file)} is no JSON: {problem.msg} in line {problem.lineno}.", "Correct it; nothing was imported."
        ) from problem
    except RecursionError as problem:
        raise BadInput(f"{line(file)} is nested too deeply.", "Give an export or a tasks.json.") from problem
