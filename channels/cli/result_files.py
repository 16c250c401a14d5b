"""Copies of result files where the owner wants them."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from channels.cli.text import flat, line
from daemon.domain.errors import BadInput, StoreError

if TYPE_CHECKING:
    from channels.cli.session import Session
    from daemon.domain.blob import Blob
    from daemon.domain.run import Run

_PIECE = 1024 * 1024
_MOST_NAMESAKES = 10_000


def folder_for_results(name: str) -> Path:
    """Give the folder that was named, made if it was missing; raises BadInput before anything is begun."""
    path = Path(name).expanduser()
    try:
        path.mkdir(parents=True, exist_ok=True)
        usable = os.access(path, os.W_OK | os.X_OK)
    except (OSError, ValueError, RuntimeError) as problem:
        reason = "it is a file" if isinstance(problem, FileExistsError) else _reason(problem)
        raise BadInput(f"No files can be put into {line(name)}: {reason}.", "Give a folder.") from problem
    if not usable:
        raise BadInput(f"No files can be put into {line(name)}: it may not be written.", "Give another folder.")
    return path.resolve()


def copy_results(session: Session, run: Run, folder: Path) -> list[Path]:
    """Copy the result files of a run into a folder; gives the copies.

    Nothing is overwritten: where a name is taken the copy gets a number, "report (2).pdf", and that is told.
    """
    copies = []
    for blob in run.files:
        name = _safe_name(blob.name)
        copy = _copied(session.service.result_path(run, blob.name), blob, folder, name)
        if copy.name != name:
            session.screen.tell(f"{line(name)} was there already; this one is {line(copy.name)}")
        copies.append(copy)
    return copies


def _safe_name(name: str) -> str:
    """Give the last part of a result's name; hidden files are what shells and programs obey, so it is never one."""
    return flat(PurePosixPath(name).name).replace("/", "_").lstrip(".-") or "result"


def _copied(source: Path, blob: Blob, folder: Path, name: str) -> Path:
    try:
        with os.fdopen(os.open(source, os.O_RDONLY | os.O_NOFOLLOW), "rb") as original:
            copy, descriptor = _new_file(folder, name)
            with os.fdopen(descriptor, "wb") as target:
                digest = hashlib.sha256()
                while piece := original.read(_PIECE):
                    digest.update(piece)
                    target.write(piece)
    except OSError as problem:
        raise BadInput(
            f"{line(name)} cannot be copied to {line(str(folder))}: {_reason(problem)}.",
            f"The result itself is kept as {line(str(source))}",
        ) from problem
    if digest.hexdigest() != blob.digest:
        copy.unlink()
        raise StoreError(
            f"The result {line(str(source))} is not what the task left there: somebody changed it.",
            "It was not copied. agent retry makes it again.",
        )
    return copy


def _new_file(folder: Path, name: str) -> tuple[Path, int]:
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    for number in range(1, _MOST_NAMESAKES):
        path = folder / (name if number == 1 else f"{stem} ({number}){dot}{ending}")
        try:
            return path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        except FileExistsError:
            continue
    raise BadInput(f"{line(str(folder))} has too many files called {line(name)}.", "Give another folder.")


def _reason(problem: Exception) -> str:
    return str(getattr(problem, "strerror", None) or problem)
