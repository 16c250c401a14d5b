"""Reads requests, a JSON object a line, and answers each with one line; `python3 -P -m interpreter` in the sandbox."""

import faulthandler
import json
import os
import random
import sys

from .capture import Capture
from .cell import Namespace


def main() -> None:
    """Serve until the input ends."""
    # Kept by their own names, since the code may change the modules.
    read, write, number_of_this, leave = json.loads, json.dumps, os.getpid, os._exit
    # What the code prints must not be taken for an answer, so the way back is not where it prints.
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    faulthandler.enable(os.dup(2))  # where a crash happened is told by whoever sees this one die
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    random.seed(int(os.environ.get("AGENT_SEED", "0")))
    sys.argv = [""]
    sys.path.insert(0, "")
    namespace = Namespace(Capture())
    own = number_of_this()
    while line := requests.readline():
        answer = namespace.run(read(line))
        if number_of_this() != own:
            leave(0)  # the code forked: the child has done its part
        answers.write(write(answer).encode("ascii") + b"\n")
        answers.flush()


if __name__ == "__main__":
    main()
