"""The server as a process of its own: `python -m tests.rigs.model_server --story FILE.yaml`.

It says its port in one line of JSON, {"port": 40123, "url": "http://127.0.0.1:40123/v1"}, and ends once its standard
input ends. It can be killed at any time; what --record holds stays.
"""

import argparse
import os
from pathlib import Path

from tests.rigs.lifeline import say
from tests.rigs.model_server.forms import FORMS
from tests.rigs.model_server.server import ModelServer
from tests.rigs.model_server.story_file import load


def main() -> None:
    """Serve until nobody is there any more."""
    parser = argparse.ArgumentParser(prog="python -m tests.rigs.model_server", description=__doc__)
    parser.add_argument("--story", type=Path, required=True, help="a story in YAML")
    parser.add_argument("--form", choices=sorted(FORMS), help="the wire protocol, where not the one of the story")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--record", type=Path, help="a file that gets a line of JSON for each request and each bill")
    given = parser.parse_args()
    story = load(given.story)
    server = ModelServer(
        given.form or story.form,
        story.teller(),
        models=story.models,
        key=story.key,
        window=story.window,
        prices=story.prices,
        host=given.host,
        port=given.port,
        record=given.record,
    )
    with server:
        say(port=server.port, url=server.url)
        while os.read(0, 1):
            continue


if __name__ == "__main__":
    main()
