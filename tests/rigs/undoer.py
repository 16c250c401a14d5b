"""A process that undoes or redoes, as `agent undo` does.

`python -m tests.rigs.undoer --home DIR undo|redo TASK [STEP]`
"""

import argparse
from pathlib import Path

from daemon.app.compose import open_home, open_service
from tests.rigs.lifeline import end_with_parent, say
from tests.rigs.owner import OWNER


def main() -> None:
    """Do it once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("verb", choices=("undo", "redo"))
    parser.add_argument("task", type=int)
    parser.add_argument("step", type=int, nargs="?")
    given = parser.parse_args()
    end_with_parent()
    service = open_service(open_home(given.home))
    if given.verb == "undo":
        service.undo(given.task, given.step, OWNER)
    else:
        service.redo(given.task, OWNER)
    say(done=given.verb)


if __name__ == "__main__":
    main()
