"""How far a run is, told to a person: one line that rewrites itself, or in a pipe a line for what is new."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from channels.cli.task_words import colour_of, messages, standing, updates
from channels.cli.text import block, flat
from channels.cli.width import cut

if TYPE_CHECKING:
    from collections.abc import Iterable

    from channels.cli.session import Session
    from daemon.domain.run import Run
    from daemon.domain.update import Update

_REWRITE_SECONDS = 0.1
_PIPE_SECONDS = 10.0
"""In a pipe, mere percentages are told this rarely."""
_PERCENT = re.compile(r"\A\d{1,3}%\s*")
"""At the beginning of a line of progress; how a run stands says it too."""


class Progress:
    """Tells the progress of one run on standard error. Call `look` whenever something may have been written."""

    def __init__(self, session: Session, task_id: int, run_id: int) -> None:
        """Tell what happened since the run became pending: whoever does it may be quicker than whoever looks on."""
        self._session = session
        self._task_id = task_id
        self._run_id = run_id
        began = _became_pending(updates(session.service, task_id), run_id)
        self._seen = began.id if began else 0
        earlier = (one.id for one in session.service.reads.messages(run_id) if began and one.created_at < began.at)
        self._written = max(earlier, default=0)
        self._text = ""
        self._told = ""
        self._at = -_PIPE_SECONDS
        self.said = ""

    def look(self) -> Run:
        """Read what is new, tell it, and give the run as it stands."""
        for update in updates(self._session.service, self._task_id, self._seen):
            self._seen = update.id
            if update.run_id == self._run_id:
                self._hear(update)
        run = self._session.service.reads.run(self._run_id)
        self._tell_messages(run)
        if self._session.screen.live and not run.status.final:
            self._rewrite(run)
        elif not self._told and run.status.value == "running":
            self._tell("running")
        return run

    def _hear(self, update: Update) -> None:
        kind, text = update.kind.value, flat(update.text)
        if kind in ("progress", "note"):
            self._text = _PERCENT.sub("", text, count=1) if kind == "progress" else text
        if self._session.screen.live or kind not in ("status", "progress", "note") or text == self._told:
            return
        if kind == "progress" and time.monotonic() - self._at < _PIPE_SECONDS:
            return
        # Where a run ends, waits or is paused, whoever looks on says so at length.
        if kind == "status" and text.partition(":")[0] != "running":
            return
        self._at = time.monotonic() if kind == "progress" else self._at
        self._tell(text)

    def _tell_messages(self, run: Run) -> None:
        for written in messages(self._session.service, run):
            if written.id > self._written:
                self._written = written.id
                self._session.screen.tell(f"task {run.task_id} says:\n{block(written.text, '  ')}")

    def _tell(self, text: str) -> None:
        self._told = text
        self._session.screen.tell(f"task {self._task_id}: {text}")

    def _rewrite(self, run: Run) -> None:
        if time.monotonic() - self._at < _REWRITE_SECONDS:
            return
        self._at = time.monotonic()
        screen = self._session.screen
        said = f"task {run.task_id} {standing(run)}"
        room = screen.width - 1
        detail = cut(f"  {self._text}", room - len(said)) if self._text and room > len(said) + 4 else ""
        colour = colour_of(run.status.value)
        screen.show(screen.paint(cut(said, room), colour) + detail if colour else cut(said, room) + detail)


def _became_pending(history: Iterable[Update], run_id: int) -> Update | None:
    """Give the line that says when the run last became pending."""
    told = [one for one in history if one.run_id == run_id and one.kind.value == "status"]
    return next((one for one in reversed(told) if one.text.partition(":")[0] == "pending"), None)
