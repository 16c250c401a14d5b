"""A message, as it is stored and as the API tells it."""

from dataclasses import dataclass, field
from typing import Any

from tests.rigs.bot_server.chat import Chat
from tests.rigs.bot_server.person import Person

Content = dict[str, Any]
"""The fields of a Message that say what is in it: text and entities, or a file and its caption."""


@dataclass(slots=True, eq=False)
class Message:
    """One message. `markup` is its inline keyboard, `keyboard` any other, which the API does not tell again."""

    id: int
    chat: Chat
    sender: Person
    date: int
    content: Content
    thread: int = 0
    reply_to: "Message | None" = None
    external: dict[str, Any] | None = None
    quote: dict[str, Any] | None = None
    album: str = ""
    origin: dict[str, Any] | None = None
    markup: dict[str, Any] | None = None
    keyboard: dict[str, Any] | None = None
    edited: int = 0
    silent: bool = False
    protected: bool = False
    reactions: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    earlier: list[Content] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Give its text or its caption."""
        return str(self.content.get("text", self.content.get("caption", "")))

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """Give the buttons of its inline keyboard, row after row."""
        return [button for row in (self.markup or {}).get("inline_keyboard", []) for button in row]

    def json(self, *, with_reply: bool = True) -> dict[str, Any]:
        """Give the Message of the API."""
        told: dict[str, Any] = {
            "message_id": self.id,
            "from": self.sender.json(),
            "chat": self.chat.json(),
            "date": self.date,
        }
        told |= {"edit_date": self.edited} if self.edited else {}
        told |= {"message_thread_id": self.thread} if self.thread else {}
        told |= self._forwarded()
        if with_reply and self.reply_to is not None and self.reply_to.id in self.reply_to.chat.messages:
            told["reply_to_message"] = self.reply_to.json(with_reply=False)
        more = {
            "external_reply": self.external,
            "quote": self.quote,
            "media_group_id": self.album,
            "reply_markup": self.markup,
            "has_protected_content": self.protected,
            "is_topic_message": bool(self.thread),
        }
        # What is in it is told though it be empty, as the end of a topic is.
        return told | self.content | {name: value for name, value in more.items() if value}

    def _forwarded(self) -> dict[str, Any]:
        if self.origin is None:
            return {}
        told = {"forward_origin": self.origin, "forward_date": self.origin["date"]}
        if self.origin["type"] == "user":
            told["forward_from"] = self.origin["sender_user"]
        elif self.origin["type"] == "hidden_user":
            told["forward_sender_name"] = self.origin["sender_user_name"]
        return told
