"""A tap on a button, until the bot has answered it."""

from dataclasses import dataclass
from typing import Any

from tests.rigs.bot_server.message import Message
from tests.rigs.bot_server.person import Person


@dataclass(slots=True)
class Callback:
    """Who tapped what. Its answer is what the user sees: a word at the top, an alert, or only the end of waiting."""

    id: str
    person: Person
    message: Message
    data: str
    at: float
    accessible: bool = True
    answered: bool = False
    text: str = ""
    alert: bool = False

    def json(self) -> dict[str, Any]:
        """Give the CallbackQuery of the API."""
        chat = self.message.chat
        message = self.message.json() if self.accessible else {"chat": chat.json(), "message_id": self.message.id}
        return {
            "id": self.id,
            "from": self.person.json(),
            "message": message if self.accessible else message | {"date": 0},
            "chat_instance": str(-(abs(chat.id) * 7_919 + 1_000_000_007)),
            "data": self.data,
        }
