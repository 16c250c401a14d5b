"""A server for tests that speaks Telegram's Bot API, with scripted users behind it. README.md says how."""

from tests.rigs.bot_server.account import TOKEN
from tests.rigs.bot_server.answering import DOWNLOAD
from tests.rigs.bot_server.call import Call
from tests.rigs.bot_server.callback import Callback
from tests.rigs.bot_server.chat import Chat
from tests.rigs.bot_server.draft import Draft
from tests.rigs.bot_server.fault import Failure, Fault, Hang, Page, Reset
from tests.rigs.bot_server.message import Message
from tests.rigs.bot_server.plain_client import PlainClient, Told
from tests.rigs.bot_server.remote import Remote
from tests.rigs.bot_server.server import BotServer
from tests.rigs.bot_server.topic import Topic
from tests.rigs.bot_server.updates import backwards, twice
from tests.rigs.bot_server.upload import Upload
from tests.rigs.bot_server.user import User

__all__ = [
    "DOWNLOAD",
    "TOKEN",
    "BotServer",
    "Call",
    "Callback",
    "Chat",
    "Draft",
    "Failure",
    "Fault",
    "Hang",
    "Message",
    "Page",
    "PlainClient",
    "Remote",
    "Reset",
    "Told",
    "Topic",
    "Upload",
    "User",
    "backwards",
    "twice",
]
