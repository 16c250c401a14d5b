"""What is typed for a new task: its words, files, folders and limits."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from channels.cli.parameters import DOLLARS, PRIORITY, Decorator
from channels.cli.text import flat, line
from daemon.domain.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from channels.cli.session import Session
    from daemon.domain.task import Folder, Task

_MOST_BYTES = 4 * 1024 * 1024
"""Of standard input: 1,048,576 characters of UTF-8 are never more."""
_NEAR = 0.6
"""How alike two words are that count as near (difflib's ratio). A wrong guess costs one more word, never a task."""

_OPTIONS = (
    click.option("--file", "-f", "files", metavar="F", multiple=True, help="Give a file to the task."),
    click.option("--dir", "folders", metavar="D", multiple=True, help="Let the task read a folder."),
    click.option("--agent", metavar="A", help="Choose the agent."),
    click.option("--tier", metavar="T", help="Choose the models: fast, smart or cloud."),
    click.option("--private", is_flag=True, help="Never leave your own models."),
    click.option("--hold", is_flag=True, help="Only queue it, until agent run --task N."),
    click.option("--project", metavar="P", help="Tag it with a project."),
    click.option("--priority", type=PRIORITY, default=0, metavar="N", help="Higher is first; 0 if not given."),
    click.option("--title", metavar="T", default="", help="Call it so."),
    click.option("--budget", type=DOLLARS, metavar="$", help="The most that a run may cost."),
)


def task_options(command: Any) -> Any:
    """Add the options of a new task to a command, in the order in which they are told."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


task_words: Decorator = click.argument("words", metavar='"TASK"', nargs=-1)


def submit(session: Session, goal: str, given: dict[str, Any]) -> Task:
    """Hand the task in; raises BadInput when something of it cannot be used."""
    from daemon.domain.limits import Limits
    from daemon.domain.task import NewTask

    return session.service.submit(
        NewTask(
            goal=goal,
            principal=session.owner,
            title=given["title"],
            files=tuple(session.service.keep_file(Path(name)) for name in given["files"]),
            folders=tuple(_folder(name) for name in given["folders"]),
            agent=given["agent"],
            tier=given["tier"],
            project=given["project"],
            priority=given["priority"],
            private=given["private"],
            hold=given["hold"],
            limits=Limits(money=given["budget"]),
        )
    )


def goal_of(words: Sequence[str], commands: Sequence[str] = ()) -> str:
    """Take the words of a task: one argument, or `-` for standard input.

    With `commands`, the word `do` was left out: a single word that is near a command is a slip, never a task. Several
    arguments are never a task, since a shell takes quotes, stars and dollars out of them.
    """
    if not words:
        raise click.UsageError('The task is missing. Say it in quotes: agent "disk report"')
    if len(words) == 1 and words[0] == "-":
        return _from_stdin()
    near = _near(words[0], commands)
    if near:
        meant = " or ".join(f'"{name}"' for name in near)
        raise click.UsageError(f'There is no command "{flat(words[0])}"; did you mean {meant}? {_as_a_task(words)}')
    if len(words) > 1:
        raise click.UsageError(_as_a_task(words))
    return words[0]


def _as_a_task(words: Sequence[str]) -> str:
    if len(words) == 1:
        return f"As a task: agent do {flat(words[0])}"
    return f'A task is one argument, in quotes: agent "{flat(" ".join(words))[:80]}"'


def _near(word: str, commands: Sequence[str]) -> list[str]:
    if not commands or re.search(r"[\s/]", word):
        return []
    from difflib import get_close_matches

    return get_close_matches(word.lower(), commands, n=2, cutoff=_NEAR)


def _from_stdin() -> str:
    if sys.stdin is None:
        raise BadInput("Standard input is closed; the task cannot be read from it.", 'Say it: agent "disk report"')
    try:
        text = sys.stdin.buffer.read(_MOST_BYTES + 1)
    except OSError as problem:
        raise BadInput(f"Standard input cannot be read: {problem.strerror}.", "Give a file with --file.") from problem
    if len(text) > _MOST_BYTES:
        raise BadInput(
            "The task on standard input is longer than 1,048,576 characters.",
            "Put the text into a file and give it with --file.",
        )
    return text.decode("utf-8", "replace")


def _folder(name: str) -> Folder:
    from daemon.domain.task import Folder

    try:
        path = Path(name).expanduser().resolve(strict=True)
    except (OSError, ValueError, RuntimeError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise BadInput(f"The folder {line(name)} cannot be read: {reason}.", "Check the name and rights.") from problem
    if not path.is_dir():
        raise BadInput(f"{line(name)} is no folder.", f"Give it with --file {line(name)}")
    return Folder(str(path))
