"""Reads requests, a JSON object a line, and answers each with one line; `python3 -m interpreter` in the sandbox."""

import json
import os
import random
import sys
from typing import Any

from .cell import Namespace


def main() -> None:
    """Serve until the input ends."""
    # What the code prints must not be taken for an answer, so the way back is not where it prints.
    # Kept by their own names, too: the code may change the module.
    read, write = json.loads, json.dumps
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    random.seed(int(os.environ.get("AGENT_SEED", "0")))
    sys.argv = [""]
    sys.path.insert(0, "")
    namespace = Namespace()
    while line := requests.readline():
        request: dict[str, Any] = read(line)
        try:
            answer = namespace.run(request)
        except KeyboardInterrupt:  # so late that the answer was made already
            answer = {"name": request["name"], "text": "", "error": "KeyboardInterrupt"}
        answers.write(write(answer).encode("ascii") + b"\n")
        answers.flush()


if __name__ == "__main__":
    main()
