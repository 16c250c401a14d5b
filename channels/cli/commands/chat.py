"""`agent chat`: a conversation, line by line, each line a task that follows the one before."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import click

from channels.cli.follow import INTERRUPTED, see_through
from channels.cli.parameters import examples
from channels.cli.speech import Speech
from channels.cli.task_input import submit
from channels.cli.text import flat
from channels.cli.typed_path import shown_path
from daemon.domain.errors import AgentError

if TYPE_CHECKING:
    from collections.abc import Callable

    from channels.cli.session import Session

_HELP = """\
Each line is a task that knows what was said before, with its files.
  /file PATH    give the next line a file
  /new          begin anew: the next line knows nothing of these
  /files        show the files of the last answer
  /undo         take the last answer's files back
  /help         this
  /quit         leave (also Ctrl-D); what is being done goes on, if a daemon does it"""


@click.command(
    "chat", epilog=examples("agent chat", "agent -i --private", "agent chat --dir ~/papers --agent research")
)
@click.option("--agent", metavar="NAME", help="Choose the agent.")
@click.option("--tier", metavar="NAME", help="Choose the models: fast, smart or cloud.")
@click.option("--private", is_flag=True, help="Let it use only your own models.")
@click.option("--dir", "folders", metavar="FOLDER", multiple=True, help="Let it read a folder.")
@click.option("--writable-dir", "writable", metavar="FOLDER", multiple=True, help="Let it read and change a folder.")
@click.option("--after", metavar="N", type=int, help="Go on after task N.")
@click.pass_obj
def chat(session: Session, /, after: int | None, **given: Any) -> int:
    """Talk with the agent: every line is a task that follows the one before.

    Its words appear as they come. Ctrl-C pauses what is done here, or leaves alone what the daemon does; Ctrl-D
    leaves. Lines that begin with / are for the conversation itself: /help lists them.
    """
    talk = _Talk(session, given, after)
    if session.screen.terminal:
        session.screen.tell(session.screen.paint("/help shows what else there is; Ctrl-D leaves.", "dim"))
    while True:
        line = talk.ask()
        if line is None:
            return talk.code
        if not talk.hear(line.strip()):
            return talk.code


class _Talk:
    """One conversation: the task that the next line follows, and the files that it will get."""

    def __init__(self, session: Session, given: dict[str, Any], after: int | None) -> None:
        self._session = session
        self._given = given
        self._after = after
        self._files: list[str] = []
        self.code = 0
        self._verbs: dict[str, Callable[[str], bool]] = {
            "file": self._file,
            "new": self._new,
            "files": self._show_files,
            "undo": self._undo,
            "help": self._help,
            "quit": lambda _: False,
            "exit": lambda _: False,
        }

    def ask(self) -> str | None:
        """Read the next line; None at the end."""
        prompt = "> " if self._session.screen.terminal else ""
        try:
            if prompt:
                # Loaded for its effect: lines can be edited and called back.
                import readline  # noqa: F401

                return input(prompt)
            return (sys.stdin.readline() or None) if sys.stdin is not None else None
        except (EOFError, KeyboardInterrupt):
            self._session.screen.tell("")
            return None

    def hear(self, line: str) -> bool:
        """Do what a line says; False ends the conversation. What cannot be done is said, and it goes on."""
        try:
            return (self._verb(line) if line.startswith("/") else self._task(line)) if line else True
        except AgentError as problem:
            self._session.screen.tell(flat(str(problem)))
            self.code = problem.exit_code
            return True

    def _verb(self, line: str) -> bool:
        name, _, rest = line[1:].partition(" ")
        verb = self._verbs.get(name)
        if verb is not None:
            return verb(rest.strip())
        near = get_close_matches(name, self._verbs, 1)
        # A skill is called by its name: `/disk-report` is a task.
        if near:
            self._session.screen.tell(f"There is no /{flat(name)}; did you mean /{near[0]}?")
            return True
        return self._task(line)

    def _task(self, goal: str) -> bool:
        more = {"hold": False, "title": "", "project": None, "priority": 0, "budget": None}
        task = submit(self._session, goal, {**more, **self._given, "files": self._files}, follows=self._after)
        self._files = []
        self._after = task.id
        progress = Speech(self._session, task.id, task.run_id)
        self.code = see_through(self._session, task, as_json=False, progress=progress)
        if self.code == INTERRUPTED:
            self.code = 0
        return True

    def _file(self, path: str) -> bool:
        self._session.service.keep_file(_path(path))
        self._files.append(path)
        self._session.screen.tell(f"{flat(path)} goes with the next line")
        return True

    def _new(self, _: str) -> bool:
        self._after = None
        self._session.screen.tell("A new conversation begins.")
        return True

    def _show_files(self, _: str) -> bool:
        service, screen = self._session.service, self._session.screen
        run = None if self._after is None else service.reads.run(service.reads.task(self._after).run_id)
        if run is None or not run.files:
            screen.tell("The last answer has no files.")
            return True
        for blob in run.files:
            screen.say(shown_path(screen, service.result_path(run, blob.name)))
        return True

    def _undo(self, _: str) -> bool:
        after = self._after
        if after is None:
            self._session.screen.tell("There is nothing to undo.")
            return True
        turned = self._session.act(lambda house: house.undo(after, None, self._session.owner))
        self._session.screen.tell(f"Task {turned.task_id}: the files are as they were before step {turned.step.seq}")
        return True

    def _help(self, _: str) -> bool:
        self._session.screen.say(_HELP)
        return True


def _path(name: str) -> Any:
    from pathlib import Path

    return Path(name).expanduser()
