"""A user of Telegram, or a bot, as messages name them."""

from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Person:
    """Who somebody is."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    is_bot: bool = False
    is_premium: bool = False
    deactivated: bool = False

    def json(self) -> dict[str, Any]:
        """Give the User of the API."""
        told: dict[str, Any] = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        more = {
            "last_name": self.last_name,
            "username": self.username,
            "language_code": self.language_code,
            "is_premium": self.is_premium,
        }
        return told | {name: value for name, value in more.items() if value}
