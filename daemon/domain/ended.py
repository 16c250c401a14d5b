"""How an agent's work on a run came to its end; a return value, so that no `except` can swallow it."""

from dataclasses import dataclass

from daemon.domain.run import WaitingFor


@dataclass(frozen=True, slots=True)
class Finished:
    """The run reached its end: what to tell the owner, and the files to send (names relative to `output/`)."""

    text: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suspended:
    """The run waits for something; nothing of it stays alive. The journal has already recorded why."""

    waiting_for: WaitingFor


@dataclass(frozen=True, slots=True)
class Failed:
    """The run cannot go on; the reason is a sentence for the owner."""

    reason: str


Ended = Finished | Suspended | Failed
