"""What the processes of a rig share: they say what they did in lines of JSON, and end with whoever started them."""

import json
import os
import threading
from typing import Any


def say(**said: Any) -> None:
    """Write one line to standard output in one write, so that a kill leaves it whole or not there."""
    os.write(1, (json.dumps(said) + "\n").encode())


def end_with_parent() -> None:
    """End this process once its standard input ends, which it does when its parent is gone."""
    threading.Thread(target=_wait_for_the_end, daemon=True).start()


def _wait_for_the_end() -> None:
    while os.read(0, 1):
        continue
    os._exit(0)
