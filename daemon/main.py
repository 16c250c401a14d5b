"""`agent`: hands the terminal its Host."""

import sys

from channels.cli.main import run
from daemon.app.rooms import Rooms


def main() -> None:
    """Run the command line and end with its exit code."""

    sys.exit(run(Rooms(), sys.argv[1:]))


if __name__ == "__main__":
    main()
