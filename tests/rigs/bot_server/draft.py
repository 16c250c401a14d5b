"""What a bot shows while it still writes."""

from dataclasses import dataclass

from tests.rigs.bot_server.text.formatted import Formatted

LIFE_SECONDS = 30.0
"""How long a draft is shown."""


@dataclass(slots=True)
class Draft:
    """One state of a draft; those with the same id replace each other. An empty one shows "Thinking…"."""

    id: int
    thread: int
    shown: Formatted
    at: float
    can_stop: bool = False
    keep_on_stop: bool = False
    gone: bool = False
    stopped: bool = False

    def shows(self, now: float) -> bool:
        """Say whether it is still shown."""
        return not self.gone and now - self.at < LIFE_SECONDS

    @property
    def text(self) -> str:
        """Give what it shows."""
        return self.shown.text
