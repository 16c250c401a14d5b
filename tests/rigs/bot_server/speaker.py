"""What a user of Telegram says and sends, as a test scripts it."""

from collections.abc import Sequence
from typing import Any

from tests.rigs.bot_server.chat import Chat
from tests.rigs.bot_server.draft import Draft
from tests.rigs.bot_server.message import Content, Message
from tests.rigs.bot_server.person import Person
from tests.rigs.bot_server.telegram import Telegram
from tests.rigs.bot_server.text.units import units
from tests.rigs.bot_server.topic import Topic

Place = Chat | int | None
"""A chat or its id; None is the private chat with the bot."""


class Speaker:
    """Writes into chats; everything arrives at once, and the bot is told where it may know.

    Messages, chats and topics may be given by their ids. Where no chat is given it is the private one.
    """

    def __init__(self, telegram: Telegram, person: Person) -> None:
        """Be this user."""
        self.telegram = telegram
        self.person = person

    @property
    def id(self) -> int:
        """Give the user's id, which is that of the private chat too."""
        return self.person.id

    @property
    def chat(self) -> Chat:
        """Give the private chat with the bot."""
        return self.telegram.private(self.person)

    @property
    def drafts(self) -> list[Draft]:
        """Give the drafts that the user sees now, each as it is by now; all there were are in `chat.drafts`."""
        newest = {(one.thread, one.id): one for one in self.chat.drafts}
        return [one for one in newest.values() if one.shows(self.telegram.clock.now())]

    def starts(self, payload: str = "") -> Message:
        """Press START, perhaps by a link with a payload; that unblocks the bot."""
        self._opens(self.chat)
        return self.says(f"/start {payload}".strip())

    def says(
        self, text: str, *, chat: Place = None, mode: str = "", entities: Sequence[Any] = (), **how: Any
    ) -> Message:
        """Write a text; `how` is reply_to, quote, thread."""
        shown = self.telegram.formatted(text, mode, entities)
        return self.sends(shown.json(), chat=chat, **how)

    def sends(
        self,
        content: Content,
        *,
        chat: Place = None,
        reply_to: Message | int | None = None,
        quote: str = "",
        thread: Topic | int | None = None,
        album: str = "",
    ) -> Message:
        """Send any content, given as the fields of a Message."""
        with self.telegram.lock:
            place = self._place(chat)
            self._may_write(place)
            replied = self._message(reply_to, place) if reply_to is not None else None
            where = thread.id if isinstance(thread, Topic) else thread or (replied.thread if replied else 0)
            quoted = _quoted(replied, quote) if quote and replied else None
            # In a topic every message is a reply, at least to the message that began the topic.
            replied = replied or (place.messages.get(where) if where else None)
            facts = {"reply_to": replied, "quote": quoted, "thread": where, "album": album}
            return self.telegram.receive(place, self.person, content, **facts)

    def sends_photo(self, content: bytes, caption: str = "", **how: Any) -> Message:
        """Send a photo."""
        return self.sends(self.telegram.media.photo(content) | self._caption(caption), **how)

    def sends_document(
        self, content: bytes | None, name: str, caption: str = "", *, size: int = 0, media: str = "", **how: Any
    ) -> Message:
        """Send a file; without content it is `size` zeros, which need no memory."""
        told = self.telegram.media.document(content, name, media, size)
        return self.sends(told | self._caption(caption), **how)

    def sends_voice(self, content: bytes, seconds: int = 1, caption: str = "", **how: Any) -> Message:
        """Send a voice message."""
        told = self.telegram.media.timed("voice", content, "voice.ogg", seconds)
        return self.sends(told | self._caption(caption), **how)

    def sends_album(self, items: Sequence[bytes | tuple[str, bytes]], caption: str = "", **how: Any) -> list[Message]:
        """Send several photos (bytes) or documents (a name and bytes) at once; the caption is at the first."""
        album, media = self.telegram.album(), self.telegram.media
        contents = [media.photo(one) if isinstance(one, bytes) else media.document(one[1], one[0]) for one in items]
        contents[0] |= self._caption(caption)
        with self.telegram.lock:
            return [self.sends(content, album=album, **how) for content in contents]

    def edits(self, message: Message | int, text: str, *, chat: Place = None, mode: str = "") -> Message:
        """Change the text or the caption of a message of one's own."""
        with self.telegram.lock:
            found = self._message(message, self._place(chat))
            if found.sender is not self.person:
                raise ValueError(f"message {found.id} is not from {self.person.first_name}")
            shown = self.telegram.formatted(text, mode)
            found.earlier.append(found.content)
            names = ("text", "entities") if "text" in found.content else ("caption", "caption_entities")
            rest = {name: value for name, value in found.content.items() if name not in names}
            found.content = rest | shown.json(*names)
            found.edited = self.telegram.clock.unix()
            self.telegram.updates.add("edited_message", found.json())
            return found

    def forwards(self, message: Message | int, *, source: Place = None, hidden: bool = False, **how: Any) -> Message:
        """Forward a message, from a chat of one's own with others too; `hidden` hides who wrote it."""
        with self.telegram.lock:
            return self._forwarded(self._message(message, self._place(source)), hidden=hidden, **how)

    def _forwarded(self, found: Message, *, hidden: bool, chat: Place = None, thread: int = 0) -> Message:
        place = self._place(chat)
        self._may_write(place)
        who = found.sender
        name = f"{who.first_name} {who.last_name}".strip()
        shown = {"type": "hidden_user", "sender_user_name": name}
        known = {"type": "user", "sender_user": who.json()}
        origin = found.origin or (shown if hidden else known) | {"date": found.date}
        return self.telegram.receive(place, self.person, dict(found.content), origin=origin, thread=thread)

    def _caption(self, text: str) -> Content:
        return self.telegram.formatted(text).json("caption", "caption_entities")

    def _place(self, chat: Place) -> Chat:
        if chat is None or chat == self.id:
            return self.chat
        return self.telegram.chats[chat] if isinstance(chat, int) else chat

    def _message(self, message: Message | int, place: Chat) -> Message:
        return place.messages[message] if isinstance(message, int) else message

    def _may_write(self, place: Chat) -> None:
        if place.is_private:
            if place.status == "kicked":
                raise ValueError(f"{self.person.first_name} has blocked the bot and must start it again first")
            self._opens(place)
        elif self.id not in place.members:
            raise ValueError(f"{self.person.first_name} is not in {place.title}")

    def _opens(self, chat: Chat) -> None:
        """Begin the private chat; the bot is only told where that ends a block."""
        if chat.status == "kicked":
            self.telegram.bot_becomes(chat, "member", self.person)
        chat.status = "member"


def _quoted(replied: Message, quote: str) -> dict[str, Any]:
    place = replied.text.find(quote)
    if place < 0:
        raise ValueError(f"{quote!r} is not in the message")
    return {"text": quote, "position": units(replied.text[:place]), "is_manual": True}
