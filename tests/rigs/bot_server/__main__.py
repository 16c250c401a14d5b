"""The server as a process of its own: `python -m tests.rigs.bot_server --port 0`.

It says its address in one line of JSON, {"port": 40123, "url": "http://127.0.0.1:40123", "token": …}, and ends once its
standard input ends. What it holds is in its memory; `Remote` lets it do things.
"""

import argparse
import os

from tests.rigs.bot_server.account import TOKEN
from tests.rigs.bot_server.server import BotServer
from tests.rigs.lifeline import say


def main() -> None:
    """Serve until nobody is there any more."""
    parser = argparse.ArgumentParser(prog="python -m tests.rigs.bot_server", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--token", default=TOKEN, help="the bot's token")
    given = parser.parse_args()
    with BotServer(given.token, host=given.host, port=given.port) as server:
        say(port=server.port, url=server.url, token=server.token)
        while os.read(0, 1):
            continue


if __name__ == "__main__":
    main()
