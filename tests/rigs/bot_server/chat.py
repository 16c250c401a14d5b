"""A chat: with one user, a group, or a supergroup, which may be a forum."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from tests.rigs.bot_server.draft import Draft
from tests.rigs.bot_server.person import Person
from tests.rigs.bot_server.topic import Topic

if TYPE_CHECKING:
    from tests.rigs.bot_server.message import Message

Kind = Literal["private", "group", "supergroup"]
_NO_GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)


@dataclass(slots=True)
class Chat:
    """What a chat holds.

    `status` is the bot's: member, administrator, left or kicked. In private, left is not started and kicked is blocked.
    """

    id: int
    kind: Kind
    title: str = ""
    person: Person | None = None
    is_forum: bool = False
    status: str = "member"
    members: dict[int, Person] = field(default_factory=dict)
    messages: dict[int, "Message"] = field(default_factory=dict)
    deleted: dict[int, "Message"] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)
    actions: list[tuple[float, str]] = field(default_factory=list)
    upgraded_to: int = 0
    last_id: int = 0

    @property
    def is_private(self) -> bool:
        """Say whether it is a chat with one user."""
        return self.kind == "private"

    @property
    def history(self) -> list["Message"]:
        """Give the messages that are there, in their order."""
        return [self.messages[number] for number in sorted(self.messages)]

    @property
    def texts(self) -> list[str]:
        """Give what is written in them."""
        return [message.text for message in self.history]

    def json(self) -> dict[str, Any]:
        """Give the Chat of the API."""
        if self.person is not None:
            named = {name: value for name, value in self.person.json().items() if name.endswith("name")}
            return {"id": self.id, **named, "type": "private"}
        told: dict[str, Any] = {"id": self.id, "title": self.title, "type": self.kind}
        if self.kind == "group":
            told |= {"all_members_are_administrators": False, "accepted_gift_types": dict(_NO_GIFTS)}
        return told | ({"is_forum": True} if self.is_forum else {})
