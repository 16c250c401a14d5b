"""The bot itself: its token, its name, what it says of its commands."""

from dataclasses import dataclass, field
from typing import Any

from tests.rigs.bot_server.person import Person

TOKEN = "7000000001:AAFakeTokenOfTheBotServerInTests00000"  # noqa: S105 - of no bot
"""The token of the bot unless a server is told another."""


@dataclass(slots=True)
class Account:
    """What the API knows of the bot.

    With `reads_all` its privacy mode is off, with `has_topics` there are topics in private chats.
    """

    token: str = TOKEN
    first_name: str = "Test Agent"
    username: str = "test_agent_bot"
    reads_all: bool = False
    has_topics: bool = False
    launched: float = 0.0
    out_until: float = 0.0
    closed: bool = False
    webhook: str = ""
    commands: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    menus: dict[int, dict[str, Any]] = field(default_factory=dict)
    person: Person = field(init=False)

    def __post_init__(self) -> None:
        """Know its user."""
        self.person = Person(self.id, self.first_name, username=self.username, is_bot=True)

    @property
    def id(self) -> int:
        """Give the id of its user, which its token begins with."""
        return int(self.token.partition(":")[0])

    def json(self) -> dict[str, Any]:
        """Give the User as getMe tells it."""
        return self.person.json() | {
            "can_join_groups": True,
            "can_read_all_group_messages": self.reads_all,
            "supports_inline_queries": False,
            "supports_guest_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
            "has_topics_enabled": self.has_topics,
            "allows_users_to_create_topics": self.has_topics,
            "can_manage_bots": False,
            "supports_join_request_queries": False,
        }
