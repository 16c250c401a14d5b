"""Make the pictures of README.md and the example that its first command reports on, in their places."""

import sys
import tempfile
from pathlib import Path

from tests.pictures.album import make_pictures
from tests.pictures.chat import draw
from tests.pictures.chat import play as play_chat
from tests.pictures.sales import sales_csv
from tests.pictures.session import play

_HERE = Path(__file__).parent
_EXAMPLE = _HERE.parents[1] / "config" / "examples" / "sales.csv"


def main() -> None:
    """Write them anew, and say where they are; a session that failed leaves the pictures as they were."""
    _EXAMPLE.parent.mkdir(exist_ok=True)
    _EXAMPLE.write_text(sales_csv(), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        recording = play(home)
        failed = [command for command, status in recording.statuses.items() if status]
        if failed:
            sys.exit(f"{recording.text()}\n\nNo pictures were made, since this failed: {', '.join(failed)}")
        pictures = make_pictures(recording, home, _HERE)
    chat = _HERE / "chat.svg"
    chat.write_text(draw(play_chat()), encoding="utf-8")
    for path in (_EXAMPLE, *pictures, chat):
        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
