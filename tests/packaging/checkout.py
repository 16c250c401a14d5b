"""What is tracked in this checkout, and copies of it that a test may change."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def tracked(*patterns: str) -> list[Path]:
    """Give the tracked files that are there, relative to the checkout; git's pathspecs choose among them."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()]


def copy_to(folder: Path, *patterns: str) -> Path:
    """Copy the tracked files that `patterns` choose into `folder`; gives the folder."""
    for path in tracked(*patterns):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, target)
    return folder
