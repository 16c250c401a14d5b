"""A process that forgets tasks, as `agent forget` does. `python -m tests.rigs.forgetter --home DIR TASK...`"""

import argparse
import contextlib
from pathlib import Path

from daemon.app.compose import open_home, open_service
from daemon.domain.errors import NotFound
from tests.rigs.lifeline import end_with_parent, say
from tests.rigs.owner import OWNER


def main() -> None:
    """Forget each task; one that is gone already is no mistake."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("tasks", type=int, nargs="+")
    given = parser.parse_args()
    end_with_parent()
    service = open_service(open_home(given.home))
    for task_id in given.tasks:
        with contextlib.suppress(NotFound):
            service.forget(task_id, OWNER)
        say(forgotten=task_id)


if __name__ == "__main__":
    main()
