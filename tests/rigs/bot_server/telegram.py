"""Telegram as one bot sees it: who is there, what was said, what waits to be fetched."""

import itertools
import threading
from typing import Any

from tests.rigs.bot_server.account import TOKEN, Account
from tests.rigs.bot_server.callback import Callback
from tests.rigs.bot_server.chat import Chat, Kind
from tests.rigs.bot_server.clock import Clock
from tests.rigs.bot_server.limits import Limits
from tests.rigs.bot_server.media import Media
from tests.rigs.bot_server.membership import changed, leaves_out
from tests.rigs.bot_server.message import Content, Message
from tests.rigs.bot_server.person import Person
from tests.rigs.bot_server.stored_file import Files
from tests.rigs.bot_server.text.formatted import Formatted, formatted
from tests.rigs.bot_server.updates import Updates

CALLBACK_SECONDS = 15.0
"""How long a tap on a button can be answered; the documentation does not say, clients wait about so long."""
_FIRST_USER, _FIRST_GROUP, _FIRST_SUPERGROUP = 501_000_001, -4_100_001, -1_002_200_000_001
_FIRST_MESSAGE = 1


class Telegram:
    """All state of a server. Whoever reads or changes it from several threads holds `lock`."""

    def __init__(self, token: str = TOKEN) -> None:
        """Begin with nobody but the bot."""
        self.lock = threading.RLock()
        self.clock = Clock()
        self.account = Account(token, launched=self.clock.now())
        self.updates = Updates(self.clock)
        self.files = Files(self.clock)
        self.media = Media(self.files)
        self.limits = Limits()
        self.upload_bytes = 50 << 20
        self.callback_seconds = CALLBACK_SECONDS
        self.people: dict[int, Person] = {self.account.id: self.account.person}
        self.chats: dict[int, Chat] = {}
        self.callbacks: dict[str, Callback] = {}
        self._users = itertools.count(_FIRST_USER)
        self._groups = itertools.count(_FIRST_GROUP, -1)
        self._supergroups = itertools.count(_FIRST_SUPERGROUP, -1)
        self._callback_ids = itertools.count(2_151_000_000_000_000_001)
        self._albums = itertools.count(13_900_000_000_000_001)
        # Private chats and groups share one count of messages, as they do in the box of the real bot.
        self._box = itertools.count(_FIRST_MESSAGE)

    @property
    def bot(self) -> Person:
        """Give the bot's user."""
        return self.account.person

    def person(self, name: str, **facts: Any) -> Person:
        """Make a user known."""
        with self.lock:
            known = Person(facts.pop("id", 0) or next(self._users), name, **facts)
            self.people[known.id] = known
            return known

    def private(self, person: Person) -> Chat:
        """Give the chat with a user, which is not started until the user writes."""
        with self.lock:
            if person.id not in self.chats:
                self.chats[person.id] = Chat(person.id, "private", person=person, status="left")
            return self.chats[person.id]

    def gathering(self, kind: Kind, title: str, *members: Person, forum: bool = False) -> Chat:
        """Make a group or a supergroup with these members and the bot."""
        with self.lock:
            number = next(self._groups if kind == "group" else self._supergroups)
            # Message 1 of a forum stands for the topic "General".
            chat = Chat(number, kind, title, is_forum=forum, last_id=int(forum))
            chat.members = {person.id: person for person in (*members, self.bot)}
            self.chats[number] = chat
            return chat

    def formatted(self, text: str, mode: str = "", entities: Any = ()) -> Formatted:
        """Read a text as a request gives it; raises Refused."""
        return formatted(text, mode, entities or (), self._told)

    def _told(self, person_id: int) -> dict[str, Any] | None:
        return self.people[person_id].json() if person_id in self.people else None

    def post(self, chat: Chat, sender: Person, content: Content, **facts: Any) -> Message:
        """Put a message into a chat; the bot does not hear of it by that."""
        with self.lock:
            chat.last_id = chat.last_id + 1 if chat.kind == "supergroup" else next(self._box)
            message = Message(chat.last_id, chat, sender, self.clock.unix(), content, **facts)
            chat.messages[message.id] = message
            if sender is self.bot:
                for draft in chat.drafts:
                    draft.gone = draft.gone or draft.thread == message.thread
            return message

    def receive(self, chat: Chat, sender: Person, content: Content, **facts: Any) -> Message:
        """Put a user's message into a chat and tell the bot, where it may know."""
        with self.lock:
            message = self.post(chat, sender, content, **facts)
            if not leaves_out(self.account, message):
                self.updates.add("message", message.json())
            return message

    def album(self) -> str:
        """Give the id of a new album."""
        return str(next(self._albums))

    def tapped(self, person: Person, message: Message, data: str, *, accessible: bool = True) -> Callback:
        """Tell the bot that somebody tapped a button."""
        with self.lock:
            number = str(next(self._callback_ids))
            callback = Callback(number, person, message, data, self.clock.now(), accessible)
            self.callbacks[number] = callback
            self.updates.add("callback_query", callback.json())
            return callback

    def bot_becomes(self, chat: Chat, status: str, by: Person) -> None:
        """Change the bot's place in a chat and tell it."""
        with self.lock:
            if chat.status != status:
                body = changed(chat, by, self.bot, chat.status, status, self.clock.unix())
                chat.status = status
                self.updates.add("my_chat_member", body)
