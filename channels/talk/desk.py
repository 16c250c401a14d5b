"""What a conversation is held with: the verbs, the words, and who speaks where."""

from collections.abc import Callable
from dataclasses import dataclass

from daemon.domain.host import Machine
from daemon.domain.message import Incoming
from daemon.domain.ports import Skills
from daemon.domain.words import Words
from daemon.engine.service import Service


@dataclass(frozen=True, slots=True)
class Desk:
    """What is needed to take a message.

    `follow` is for how many seconds after a result a message goes on with it; `machine` gives what stands around.
    """

    service: Service
    say: Words
    skills: Skills
    follow: float
    machine: Callable[[], Machine]


@dataclass(frozen=True, slots=True)
class Said:
    """Messages that belong together as one (an album, a comment and what it is about).

    `text` are the owner's own words, `quoted` those of others. `answers` is the message that it answers, as the channel
    calls it. `remarks` are sentences for the owner: what could not be taken along. `spoken`: a part of `text` is what
    a model heard, so that nothing is approved or spelled out by it.
    """

    messages: tuple[Incoming, ...]
    text: str
    quoted: str = ""
    answers: str = ""
    remarks: str = ""
    spoken: bool = False

    @property
    def first(self) -> Incoming:
        """Give the message that stands for all of them."""
        return self.messages[0]

    @property
    def not_taken(self) -> list[str]:
        """Give the names of files that were to come along and could not be taken."""
        return [str(name) for message in self.messages for name in message.details.get("not_taken", ())]

    @property
    def file_names(self) -> list[str]:
        """Give the names of files that came along, also where they were not fetched."""
        kept = [blob.name for message in self.messages for blob in message.files]
        return kept or [str(one["name"]) for message in self.messages for one in message.details.get("files", ())]

    @property
    def has_files(self) -> bool:
        """Say whether files came along."""
        return any(message.files for message in self.messages)
