"""The session that the pictures show, with the real `agent` in a home folder of its own."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.pictures.sales import sales_csv
from tests.pictures.shell import PROMPT, Recording, Shell, shell

COMMANDS = (
    'agent "report on sales.csv" --file sales.csv',
    "agent list",
    "agent status 1",
    "agent skills",
)
HOME = Path("/home/you")
"""Where the session sees its home folder, whatever it is called on this machine."""

_HOMES = HOME.parent
_REPORT = ".local/state/personal-agent/tasks/1/run-1/output/sales report.pdf"


def play(home: Path, commands: Sequence[str] = COMMANDS) -> Recording:
    """Type the commands in the home folder `home`, in which there is a `sales.csv`."""
    home.mkdir(exist_ok=True)
    (home / "sales.csv").write_text(sales_csv(), encoding="utf-8")
    with at_home(home) as opened:
        return opened.record(commands)


def report_of(home: Path) -> Path:
    """Give the PDF that the first command made."""
    return home / _REPORT


@contextmanager
def at_home(home: Path) -> Iterator[Shell]:
    """Open a shell that sees `home` as its home folder and nothing of this process's environment."""
    environment = {
        "HOME": str(HOME),
        "LANG": "C.UTF-8",
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "PS1": PROMPT,
        "TERM": "xterm-256color",
        "TZ": "UTC",
    }
    # The project or its Python may be in somebody's home folder: those stay where they are.
    others = [path for path in _HOMES.iterdir() if path != HOME]
    kept = [word for path in others for word in ("--bind", str(path), str(path))]
    laid = ["--dev-bind", "/", "/", "--tmpfs", str(_HOMES), *kept, "--bind", str(home), str(HOME)]
    argv = ["bwrap", *laid, "--die-with-parent", "--chdir", str(HOME), "sh", "-i"]
    with shell(argv, environment) as opened:
        yield opened
