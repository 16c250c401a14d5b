"""The folder of one run: made whole or not at all, and what is taken out of it at the end."""

import contextlib
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from daemon.domain.beneath import FOLDER, open_file
from daemon.domain.blob import Blob
from daemon.domain.canonical import digest_of
from daemon.domain.errors import BadInput, StoreError
from daemon.domain.failpoint import failpoint
from daemon.domain.run import Run
from daemon.domain.task import Task
from daemon.domain.visible import visible
from daemon.store import blobs
from daemon.store.home import Home

_FOLDERS = ("input", "output", "src", "research")
_MOST_FILES = 1000


def make(home: Home, task: Task, run: Run, target: Path | None = None) -> Path:
    """Make the workspace from the task's inputs, unless it is there; gives its path (another `target` for a replay)."""
    target = target or home.run_folder(task.id, run.number)
    if not target.exists():
        try:
            _build(home, task, target)
        except OSError as problem:
            raise StoreError(
                f"The workspace {target} could not be made: {problem.strerror}.", "Free disk space, then try again."
            ) from problem
    failpoint("workspace.made")
    return target


def _build(home: Home, task: Task, target: Path) -> None:
    partial = target.with_name(target.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    for name in _FOLDERS:
        (partial / name).mkdir(parents=True)
    for blob in task.files:
        blobs.place(home, blob.digest, partial / "input" / blob.name)
    quoted = f"\nPassed on from somebody else:\n\n{task.quoted}\n" if task.quoted else ""
    (partial / "README.md").write_text(f"# {task.title}\n\n{task.goal}\n{quoted}", encoding="utf-8")
    partial.rename(target)


def manifest(workspace: Path) -> str:
    """Name the state of the workspace: every path with mode, size and time of change."""
    found = []
    for path, about in _walk(workspace):
        found.append([str(path.relative_to(workspace)), about.st_mode, about.st_size, about.st_mtime_ns])
    return digest_of(sorted(found))


def outputs(workspace: Path) -> list[str]:
    """Give the regular files below `output/`, by name; links, devices and pipes are left where they are."""
    folder = workspace / "output"
    names = [str(path.relative_to(folder)) for path, about in _walk(folder) if stat.S_ISREG(about.st_mode)]
    return sorted(name for name in names if visible(name) == name)


def collect(home: Home, workspace: Path, names: tuple[str, ...], most: int | None = None) -> tuple[Blob, ...]:
    """Keep result files; raises BadInput for a name that is no regular file below `output/`."""
    if len(names) > _MOST_FILES:
        raise BadInput(f"The run promised {len(names):,} files; the most is {_MOST_FILES:,}.", "Pack them into one.")
    kept = []
    for name in names:
        try:
            opened = open_file(workspace / "output", name)
        except OSError as problem:
            raise BadInput(
                f"The result {visible(name)!r} cannot be taken: {problem.strerror}.",
                "Results are regular files below output/.",
            ) from problem
        with os.fdopen(opened, "rb") as file:
            kept.append(blobs.keep_file(home, file, name, most))
    return tuple(kept)


def _walk(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Give everything below a folder without following links, also not one in the place of the folder itself."""
    waiting = [folder]
    while waiting:
        below = waiting.pop()
        for name, about in _listed(below):
            yield below / name, about
            if stat.S_ISDIR(about.st_mode):
                waiting.append(below / name)


def _listed(folder: Path) -> list[tuple[str, os.stat_result]]:
    """Give what lies in a folder, by name; nothing where it went while we looked."""
    try:
        descriptor = os.open(folder, FOLDER)
    except OSError:
        return []
    found = []
    try:
        with os.scandir(descriptor) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    found.append((entry.name, entry.stat(follow_symlinks=False)))
    finally:
        os.close(descriptor)
    return sorted(found, key=lambda one: one[0])
