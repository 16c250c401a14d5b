"""What a test in another process may have a server do: the same that a test in the same process calls."""

import base64
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.rigs.bot_server.call import Call
from tests.rigs.bot_server.callback import Callback
from tests.rigs.bot_server.chat import Chat
from tests.rigs.bot_server.draft import Draft
from tests.rigs.bot_server.fault import Failure, Hang, Page, Reset
from tests.rigs.bot_server.limits import Breach
from tests.rigs.bot_server.message import Message
from tests.rigs.bot_server.person import Person
from tests.rigs.bot_server.reply import Reply
from tests.rigs.bot_server.topic import Topic
from tests.rigs.bot_server.updates import backwards, twice
from tests.rigs.bot_server.user import User

if TYPE_CHECKING:
    from tests.rigs.bot_server.server import BotServer

_FAULTS: dict[str, type[Failure | Page | Reset | Hang]] = {
    "failure": Failure,
    "page": Page,
    "reset": Reset,
    "hang": Hang,
}
_TAMPER = {"backwards": backwards, "twice": twice}


class Control:
    """Reads {"do": name, ...} and answers {"ok": true, "result": ...}.

    A user's acts have the names of the methods of `User` and name the `user` by id; bytes are {"base64": ...}.
    """

    def __init__(self, server: "BotServer") -> None:
        """Let this server do it."""
        self._server = server
        self._hangs: list[Hang] = []

    def answer(self, body: bytes) -> Reply:
        """Do what a request says."""
        try:
            given = json.loads(body, object_hook=_bytes)
            result = self._do(given.pop("do"), given)
        except Exception as problem:  # noqa: BLE001 - any
            wrong = {"ok": False, "description": f"{type(problem).__name__}: {problem}"}
            return Reply.of(wrong, 400)
        return Reply.of({"ok": True, "result": _plain(result)})

    def _do(self, name: str, given: dict[str, Any]) -> Any:
        with self._server.telegram.lock:
            if "user" in given:
                return self._act(name, given)
            return getattr(self, f"_do_{name}")(**given)

    def _act(self, name: str, given: dict[str, Any]) -> Any:
        user = User(self._server.telegram, self._server.telegram.people[given.pop("user")])
        if name.startswith("_") or name in {"telegram", "person", "id", "chat", "drafts"}:
            raise LookupError(f"a user does not {name}")
        return getattr(user, name)(**given)

    def _users(self, members: list[int]) -> list[User]:
        return [User(self._server.telegram, self._server.telegram.people[one]) for one in members]

    def _do_user(self, name: str, **facts: Any) -> Any:
        return self._server.user(name, **facts).person

    def _do_group(self, title: str, members: list[int]) -> Any:
        return self._server.group(title, *self._users(members))

    def _do_supergroup(self, title: str, members: list[int], *, forum: bool = False) -> Any:
        return self._server.supergroup(title, *self._users(members), forum=forum)

    def _do_account(self, **facts: Any) -> Any:
        for name, value in facts.items():
            setattr(self._server.telegram.account, name, value)
        return self._server.telegram.account.json()

    def _chat(self, number: int) -> Chat:
        """Give a chat; that with a user is there before anything is said in it."""
        telegram = self._server.telegram
        known = telegram.people.get(number)
        return telegram.private(known) if known is not None else telegram.chats[number]

    def _do_messages(self, chat: int) -> Any:
        return self._chat(chat).history

    def _do_deleted(self, chat: int) -> Any:
        return list(self._chat(chat).deleted.values())

    def _do_shown(self, chat: int) -> Any:
        return [_shown(message) for message in self._chat(chat).history]

    def _do_drafts(self, chat: int) -> Any:
        return self._chat(chat).drafts

    def _do_actions(self, chat: int) -> Any:
        return [action for _, action in self._chat(chat).actions]

    def _do_callback(self, id: str) -> Any:  # noqa: A002 - as the API calls it
        return self._server.telegram.callbacks[id]

    def _do_calls(self, methods: tuple[str, ...] = (), since: int = 0) -> Any:
        return self._server.calls(*methods)[since:]

    def _do_counts(self) -> Any:
        return self._server.counts()

    def _do_sent_to(self, chat: int) -> Any:
        return self._server.sent_to(chat)

    def _do_breaches(self) -> Any:
        return self._server.telegram.limits.breaches

    def _do_waiting(self) -> Any:
        return [one.json() for one in self._server.updates.waiting]

    def _do_polled(self) -> Any:
        return self._server.polled

    def _do_fault(self, kind: str, method: str = "", chat: int = 0, times: int = 1, **how: Any) -> Any:
        fault = _FAULTS[kind](**how)
        self._hangs += [fault] if isinstance(fault, Hang) else []
        self._server.fault(fault, method, chat=chat, times=times)

    def _do_hanging(self) -> Any:
        return any(hang.arrived.is_set() for hang in self._hangs)

    def _do_release(self) -> Any:
        for hang in self._hangs:
            hang.release()
        self._hangs.clear()

    def _do_no_faults(self) -> Any:
        self._server.no_faults()

    def _do_limits(self, **how: Any) -> Any:
        for name, value in how.items():
            setattr(self._server.telegram.limits, name, value)

    def _do_bounds(self, upload: int = 0, download: int = 0, callback_seconds: float = 0) -> Any:
        telegram = self._server.telegram
        telegram.upload_bytes = upload or telegram.upload_bytes
        telegram.files.most = download or telegram.files.most
        telegram.callback_seconds = callback_seconds or telegram.callback_seconds

    def _do_tamper(self, how: str) -> Any:
        self._server.updates.tamper = _TAMPER[how]

    def _do_repeat(self, times: int = 1) -> Any:
        self._server.updates.repeat(times)

    def _do_advance(self, seconds: float) -> Any:
        self._server.clock.advance(seconds)

    def _do_revoke(self, token: str = "") -> Any:
        self._server.revoke(token)
        return self._server.token

    def _do_drop_connections(self) -> Any:
        self._server.drop_connections()

    def _do_close_port(self, seconds: float = 0.0) -> Any:
        if seconds:
            self._server.close_port_for(seconds)
        else:
            self._server.close_port()

    def _do_open_port(self) -> Any:
        self._server.open_port()

    def _do_troubles(self) -> Any:
        return [repr(problem) for problem in self._server.troubles]


def _bytes(given: dict[str, Any]) -> Any:
    return base64.b64decode(given["base64"]) if set(given) == {"base64"} else given


def _shown(message: Message) -> dict[str, Any]:
    """Give what people see of a message now, and what they saw before it was edited."""
    return {
        "id": message.id,
        "from": message.sender.id,
        "thread": message.thread,
        "text": message.text,
        "buttons": [{"text": one["text"], "data": one.get("callback_data", "")} for one in message.buttons],
        "keyboard": message.keyboard,
        "reply_to": message.reply_to.id if message.reply_to is not None else 0,
        "album": message.album,
        "content": message.content,
        "earlier": message.earlier,
        "reactions": {str(who): [one.get("emoji", "") for one in given] for who, given in message.reactions.items()},
        "silent": message.silent,
    }


def _plain(value: Any) -> Any:
    """Give what can be told in JSON."""
    if isinstance(value, Message | Person | Chat | Callback | Call | Breach):
        seen = (
            {name: getattr(value, name) for name in ("answered", "text", "alert")}
            if isinstance(value, Callback)
            else {}
        )
        return value.json() | seen
    if isinstance(value, Topic):
        return {"id": value.id, "name": value.name}
    if isinstance(value, Draft):
        return {"id": value.id, "thread": value.thread, "gone": value.gone, **value.shown.json()}
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
