"""All pictures, from one session."""

from pathlib import Path

from tests.pictures.drawing import draw
from tests.pictures.session import report_of
from tests.pictures.sheet import lay_out
from tests.pictures.shell import Recording


def make_pictures(recording: Recording, home: Path, folder: Path) -> tuple[Path, Path]:
    """Write `terminal.svg` of a session that was played in `home`, and `report.png` of its PDF, to `folder`."""
    terminal, report = folder / "terminal.svg", folder / "report.png"
    terminal.write_text(draw(recording.shots), encoding="utf-8")
    lay_out(report_of(home)).save(report, optimize=True)
    return terminal, report
