"""What is typed for a new task: its words, files, folders and limits."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from channels.cli.parameters import DOLLARS, PRIORITY, Decorator
from channels.cli.text import flat, line
from channels.cli.typed_path import shown_path
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
    click.option("--file", "-f", "files", metavar="FILE", multiple=True, help="Give it a file; can be repeated."),
    click.option("--dir", "folders", metavar="FOLDER", multiple=True, help="Let it read a folder."),
    click.option(
        "--writable-dir", "writable", metavar="FOLDER", multiple=True, help="Let it read and change a folder."
    ),
    click.option("--agent", metavar="NAME", help="Choose the agent."),
    click.option("--tier", metavar="NAME", help="Choose the models: fast, smart or cloud."),
    click.option("--private", is_flag=True, help="Let it use only your own models."),
    click.option("--hold", is_flag=True, help="Only queue it, until agent run --task N does it."),
    click.option("--project", metavar="NAME", help="Tag it with a project."),
    click.option(
        "--priority",
        type=PRIORITY,
        default=0,
        metavar="N",
        help="Its place in the queue: higher is first, 0 if not given.",
    ),
    click.option("--title", metavar="TEXT", default="", help="Call it so in lists."),
    click.option("--budget", type=DOLLARS, metavar="$", help="The most that a run may cost, in dollars."),
)


def task_options(command: Any) -> Any:
    """Add the options of a new task to a command, in the order in which they are told."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


output_option: Decorator = click.option(
    "--output", "-o", metavar="FOLDER", help="Copy the result files into a folder; nothing there is overwritten."
)
task_words: Decorator = click.argument("words", metavar='"TASK"', nargs=-1)


def submit(session: Session, goal: str, given: dict[str, Any], follows: int | None = None) -> Task:
    """Hand the task in, perhaps as one that follows another; raises BadInput when something of it cannot be used."""
    from daemon.domain.limits import Limits
    from daemon.domain.task import NewTask

    folders = _folders(given)
    files = tuple(session.service.keep_file(Path(name)) for name in given["files"])
    task = session.act(
        lambda house: house.submit(
            NewTask(
                goal=goal,
                principal=session.owner,
                title=given["title"],
                files=files,
                folders=folders,
                agent=given["agent"],
                tier=given["tier"],
                project=given["project"],
                priority=given["priority"],
                private=given["private"],
                hold=given["hold"],
                limits=Limits(money=given["budget"]),
                follows=follows,
            )
        )
    )
    _echo_folders(session, task)
    return task


def output_folder(name: str | None) -> Path | None:
    """Give the folder for copies of the results, if one was named."""
    if name is None:
        return None
    from channels.cli.result_files import folder_for_results

    return folder_for_results(name)


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


def _folders(given: dict[str, Any]) -> tuple[Folder, ...]:
    from daemon.domain.task import Folder

    writable = dict.fromkeys(_folder(name) for name in given["writable"])
    readable = dict.fromkeys(_folder(name) for name in given["folders"])
    return tuple(Folder(path, writable=path in writable) for path in {**readable, **writable})


def _echo_folders(session: Session, task: Task) -> None:
    """Say what the task may do with folders, before it does it."""
    for folder in task.folders:
        may = "may read and change" if folder.writable else "may only read"
        session.screen.tell(f"task {task.id} {may} {shown_path(session.screen, Path(folder.path))}")


def _folder(name: str) -> str:
    try:
        path = Path(name).expanduser().resolve(strict=True)
    except (OSError, ValueError, RuntimeError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise BadInput(f"The folder {line(name)} cannot be read: {reason}.", "Check the name and rights.") from problem
    if not path.is_dir():
        raise BadInput(f"{line(name)} is no folder.", f"Give it with --file {line(name)}")
    return str(path)
