"""A user of Telegram, as a test scripts one."""

from typing import Any

from tests.rigs.bot_server.callback import Callback
from tests.rigs.bot_server.chat import Chat
from tests.rigs.bot_server.draft import Draft
from tests.rigs.bot_server.membership import changed
from tests.rigs.bot_server.message import Message
from tests.rigs.bot_server.speaker import Place, Speaker
from tests.rigs.bot_server.topic import Topic


class User(Speaker):
    """Says things, and taps, reacts, deletes, blocks, opens groups to the bot and closes them."""

    def taps(
        self, button: str, message: Message | int | None = None, *, chat: Place = None, old: bool = False
    ) -> Callback:
        """Tap a button, named by its text or its data, of a message or of the newest that has it.

        With `old` the message is one that the bot is not told of any more.
        """
        with self.telegram.lock:
            place = self._place(message.chat if isinstance(message, Message) else chat)
            shown = [self._message(message, place)] if message is not None else place.history[::-1]
            for one in shown:
                for found in one.buttons:
                    if button in {found["text"], found.get("callback_data")} and "callback_data" in found:
                        return self.telegram.tapped(self.person, one, found["callback_data"], accessible=not old)
            raise LookupError(f"no button {button!r} is shown")

    def reacts(self, message: Message | int, *emoji: str, chat: Place = None) -> None:
        """React to a message, in place of what was there before."""
        with self.telegram.lock:
            found = self._message(message, self._place(chat))
            before = found.reactions.get(self.id, [])
            found.reactions[self.id] = [{"type": "emoji", "emoji": one} for one in emoji]
            body = {
                "chat": found.chat.json(),
                "message_id": found.id,
                "user": self.person.json(),
                "date": self.telegram.clock.unix(),
                "old_reaction": before,
                "new_reaction": found.reactions[self.id],
            }
            if found.chat.is_private or found.chat.status == "administrator":
                self.telegram.updates.add("message_reaction", body)

    def deletes(self, message: Message | int, *, chat: Place = None) -> None:
        """Delete a message for everyone; a bot is not told of that."""
        with self.telegram.lock:
            found = self._message(message, self._place(chat))
            found.chat.deleted[found.id] = found.chat.messages.pop(found.id)

    def stops(self, draft: Draft | int) -> None:
        """Press the button that stops a draft."""
        with self.telegram.lock:
            number = draft.id if isinstance(draft, Draft) else draft
            shown = next((one for one in self.drafts if one.id == number and one.can_stop), None)
            if shown is None:
                raise LookupError(f"no draft {number} is shown that can be stopped")
            shown.stopped, shown.gone = True, not shown.keep_on_stop
            body = {"chat": self.chat.json(), "draft_id": number}
            thread = {"message_thread_id": shown.thread} if shown.thread else {}
            self.telegram.updates.add("stopped_message_generation", body | thread)

    def blocks(self) -> None:
        """Block the bot."""
        self.telegram.bot_becomes(self.chat, "kicked", self.person)

    def unblocks(self) -> None:
        """Let the bot write again."""
        self.telegram.bot_becomes(self.chat, "member", self.person)

    def leaves_telegram(self) -> None:
        """Delete the account; the bot is not told."""
        self.person.deactivated = True

    def joins(self, chat: Chat | int) -> None:
        """Come into a group."""
        self._moves(self._place(chat), "left", "member", "new_chat_members")

    def leaves(self, chat: Chat | int) -> None:
        """Go from a group."""
        self._moves(self._place(chat), "member", "left", "left_chat_member")

    def adds_bot(self, chat: Chat | int, *, as_administrator: bool = False) -> None:
        """Take the bot into a group, or make it an administrator there."""
        self.telegram.bot_becomes(self._place(chat), "administrator" if as_administrator else "member", self.person)

    def removes_bot(self, chat: Chat | int) -> None:
        """Throw the bot out of a group."""
        self.telegram.bot_becomes(self._place(chat), "kicked", self.person)

    def upgrades(self, chat: Chat | int, *, forum: bool = False) -> Chat:
        """Make a supergroup of a group; gives the supergroup, which has another id."""
        with self.telegram.lock:
            old = self._place(chat)
            members = [person for person in old.members.values() if person is not self.telegram.bot]
            new = self.telegram.gathering("supergroup", old.title, *members, forum=forum)
            new.status = old.status
            self.telegram.receive(old, self.person, {"migrate_to_chat_id": new.id})
            old.upgraded_to = new.id
            self.telegram.receive(new, self.person, {"migrate_from_chat_id": old.id})
            return new

    def opens_topic(self, name: str, *, chat: Place = None) -> Topic:
        """Begin a topic of a forum, or of the private chat where the bot has topics there."""
        with self.telegram.lock:
            place = self._place(chat)
            if not place.is_forum and not (place.is_private and self.telegram.account.has_topics):
                raise ValueError("there are no topics in this chat")
            self._may_write(place)
            topic = Topic(place.last_id + 1, name)
            content = {"forum_topic_created": {"name": name, "icon_color": topic.icon_color}}
            root = self.telegram.post(place, self.person, content)
            topic.id = root.thread = root.id
            place.topics[topic.id] = topic
            self.telegram.updates.add("message", root.json())
            return topic

    def closes_topic(self, topic: Topic | int, *, chat: Place) -> None:
        """Close a topic: nobody but administrators writes there any more."""
        place, found = self._topic(topic, chat)
        self.sends({"forum_topic_closed": {}}, chat=place, thread=found)
        found.closed = True

    def deletes_topic(self, topic: Topic | int, *, chat: Place) -> None:
        """Delete a topic with all that is in it; a bot is not told of that."""
        with self.telegram.lock:
            place, found = self._topic(topic, chat)
            found.deleted = True
            for message in [one for one in place.history if one.thread == found.id]:
                self.deletes(message)

    def _topic(self, topic: Topic | int, chat: Place) -> tuple[Chat, Topic]:
        place = self._place(chat)
        return place, place.topics[topic] if isinstance(topic, int) else topic

    def _moves(self, chat: Chat, before: str, now: str, said: str) -> None:
        telegram, told = self.telegram, self.person.json()
        with telegram.lock:
            body = changed(chat, self.person, self.person, before, now, telegram.clock.unix())
            content: dict[str, Any] = {said: [told] if said.endswith("s") else told}
            legacy = said.removesuffix("s").replace("member", "participant")
            telegram.receive(chat, self.person, content | {legacy: told, said.removesuffix("s"): told})
            if now == "member":
                chat.members[self.id] = self.person
            else:
                chat.members.pop(self.id, None)
            if chat.status == "administrator":
                telegram.updates.add("chat_member", body)
