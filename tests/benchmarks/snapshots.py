"""Snapshots of a workspace of 50,000 files: unchanged, with one file changed, and brought back; and of a small one."""

import shutil
import tempfile
from pathlib import Path
from random import Random

from daemon.engine.snapshots import Snapshots
from tests.benchmarks.figure import Figure, figure
from tests.benchmarks.setting import Setting
from tests.benchmarks.stopwatch import milliseconds

_PROMISED = 300.0
_PROMISED_SMALL = 1.0


def measure(setting: Setting) -> list[Figure]:
    """Measure a large workspace, then a small one."""
    setting.data.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="snapshots-", dir=setting.data))
    try:
        files = 500 if setting.quick else 50_000
        large = _filled(folder / "large", files)
        small = _filled(folder / "small", 5)
        return [*_large(large, files, setting), _unchanged(small, setting)]
    finally:
        shutil.rmtree(folder)


def _large(workspace: Path, files: int, setting: Setting) -> list[Figure]:
    said, snapshots = f"{files:,} files", Snapshots(workspace)
    first = milliseconds(snapshots.take)
    same, another, changed, restored, deleted = [], [], [], [], []
    kept = snapshots.take()
    for number in range(setting.rounds(9)):
        same.append(milliseconds(snapshots.take))
        another.append(milliseconds(Snapshots(workspace).take))
        (workspace / "folder-0" / "file-0").write_text(f"changed {number}")
        changed.append(milliseconds(snapshots.take))
        restored.append(milliseconds(lambda: snapshots.restore(kept)))
        shutil.rmtree(workspace / "folder-1")
        deleted.append(milliseconds(lambda: snapshots.restore(kept)))
        snapshots.take()
    return [
        figure(f"the first snapshot of {said}", "ms", [first]),
        figure(f"a snapshot of {said}, none changed", "ms", same, _PROMISED),
        figure("  the same in a process that has just begun", "ms", another),
        figure(f"a snapshot of {said}, one changed", "ms", changed),
        figure(f"{said} brought back, one changed", "ms", restored),
        figure(f"{said} brought back, a folder of 100 gone", "ms", deleted),
    ]


def _unchanged(workspace: Path, setting: Setting) -> Figure:
    snapshots = Snapshots(workspace)
    snapshots.take()
    values = [milliseconds(snapshots.take) for _ in range(setting.rounds(200))]
    return figure("a snapshot of five files, none changed (before every step)", "ms", values, _PROMISED_SMALL)


def _filled(workspace: Path, files: int) -> Path:
    """Make a workspace of small files, a hundred in a folder."""
    chance = Random(files)
    for number in range(files):
        folder = workspace / f"folder-{number // 100}"
        if number % 100 == 0:
            folder.mkdir(parents=True)
        (folder / f"file-{number % 100}").write_bytes(chance.randbytes(chance.randint(1, 2000)))
    return workspace
