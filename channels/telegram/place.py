"""Where in Telegram: a chat, or a topic of one; and how messages are called."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Place:
    """A chat and perhaps a topic in it; as a thread of ours it is written "chat" or "chat/topic"."""

    chat: int
    topic: int | None = None

    @classmethod
    def of(cls, thread: str) -> Self:
        """Read the name of a thread."""
        chat, _, topic = thread.partition("/")
        return cls(int(chat), int(topic) if topic else None)

    @property
    def thread(self) -> str:
        """Give its name as a thread."""
        return str(self.chat) if self.topic is None else f"{self.chat}/{self.topic}"

    @property
    def private(self) -> bool:
        """Say whether it is a chat with one person: groups have negative numbers."""
        return self.chat > 0


def called(chat: int, message: int) -> str:
    """Give the name of a message: its number counts within its chat."""
    return f"{chat}/{message}"


def numbers(name: str) -> tuple[int, int]:
    """Give chat and number of a message by its name."""
    chat, _, message = name.partition("/")
    return int(chat), int(message)
