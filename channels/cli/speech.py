"""What a model says, while it says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from channels.cli.progress import Progress
from channels.cli.text import piece

if TYPE_CHECKING:
    from channels.cli.session import Session
    from daemon.domain.run import Run


class Speech(Progress):
    """Progress of a run that also shows the words of its model as they come; `said` are those of its last answer."""

    def __init__(self, session: Session, task_id: int, run_id: int) -> None:
        """Show nothing yet."""
        super().__init__(session, task_id, run_id)
        self._heard = 0

    def look(self) -> Run:
        """Show what is new."""
        run = super().look()
        text, at = self._session.service.reads.spoken_now(run, self._heard)
        if text and self.said and (self._heard == 0 or at <= self._heard):
            self._end()
        if text:
            self.said += piece(text)
            self._session.screen.speak(piece(text))
        self._heard = at
        return run

    def _end(self) -> None:
        """Another answer begins: this one led to calls."""
        self._session.screen.speak("\n")
        self.said = ""
