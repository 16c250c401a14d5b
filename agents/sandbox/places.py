"""Which folders of the machine may be shown in a sandbox, and where."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from agents.sandbox.secrets import find_secrets, is_secret, own_home
from daemon.domain.errors import BadInput
from daemon.domain.sandbox import Box
from daemon.domain.task import Folder

WORK = "/work"
HOME = "/tmp/home"  # noqa: S108 - of the sandbox's own /tmp
DRAWINGS = "/tmp/matplotlib"  # noqa: S108

_MACHINE = ("/proc", "/sys", "/dev", "/etc", "/boot", "/run")
_SYSTEM = (*_MACHINE, "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")
_OWN = (WORK, HOME, DRAWINGS)  # the sandbox has these itself


@dataclass(frozen=True, slots=True)
class Shown:
    """A folder or file of the machine, where it stands in the sandbox, and what in it is hidden, or only read."""

    source: Path
    place: str
    writable: bool = False
    hidden: tuple[Path, ...] = ()
    kept: tuple[Path, ...] = ()

    def at(self, path: Path) -> str:
        """Give the place in the sandbox of `path`, which lies in `source`."""
        return str(PurePosixPath(self.place, path.relative_to(self.source)))


def workspace_of(path: Path, secret: Sequence[Path]) -> Path:
    """Give the real path of a workspace; raises BadInput for one that would show more than a workspace."""
    real = _real(path, "workspace")
    if not real.is_dir():
        raise BadInput(f"The workspace {path} is not a folder.", "Name a folder.")
    if _meets(real, _SYSTEM) or is_secret(real):
        raise BadInput(f"{path} cannot be a workspace: it belongs to the system.", "Choose a folder of its own.")
    home = own_home()
    if any(kept.is_relative_to(real) for kept in (*secret, *([home] if home else []))):
        raise BadInput(
            f"{path} cannot be a workspace: the agent's own state or a home folder lies in it.",
            "Choose an empty folder of its own.",
        )
    return real


def shown_folders(folders: Sequence[Folder], workspace: Path, secret: Sequence[Path]) -> tuple[Shown, ...]:
    """Give the folders as they are shown, outer ones first; raises BadInput for one that must not be."""
    shown = sorted((_shown_folder(folder, secret) for folder in folders), key=lambda one: one.source.parts)
    # Whoever can write to a folder can put a link where the next one is looked for.
    open_to_change = [workspace, *(one.source for one in shown if one.writable)]
    for one in shown:
        if any(one.source.is_relative_to(outer) and one.source != outer for outer in open_to_change):
            raise BadInput(
                f"{one.place} lies in another folder that the sandbox may write to.",
                "Name the outer folder only.",
            )
        if one.source == workspace:
            raise BadInput(f"{one.place} is the workspace itself.", f"It is at {WORK} in the sandbox.")
    return tuple(shown)


def written_to(box: Box, secret: Sequence[Path]) -> tuple[Path, ...]:
    """Give the real paths of what a command in `box` may write to on the disk; raises BadInput."""
    workspace = workspace_of(box.workspace, secret)
    return (workspace, *(one.source for one in shown_folders(box.folders, workspace, secret) if one.writable))


def shown_mounts(mounts: Mapping[str, Path], folders: Sequence[Shown], secret: Sequence[Path]) -> tuple[Shown, ...]:
    """Give the mounts as they are shown beside `folders`; raises BadInput for a place or a source that cannot be."""
    shown = tuple(_shown_mount(place, source, secret) for place, source in sorted(mounts.items()))
    for one in shown:
        if _meets(Path(one.place), [folder.place for folder in folders]):
            raise BadInput(f"Nothing can be mounted at {one.place}: a folder is shown there.", "Choose another place.")
    return shown


def check_folder(path: str, workspace: Path) -> str:
    """Give the place in the sandbox of a working folder relative to the workspace; raises BadInput."""
    if "\0" in path or PurePosixPath(path).is_absolute():
        raise BadInput(f"The working folder {path!r} is not relative to the workspace.", "Give a path such as 'src'.")
    real = Path(os.path.realpath(workspace / path))
    if ".." in PurePosixPath(path).parts or not real.is_relative_to(workspace):
        raise BadInput(f"The working folder {path!r} leaves the workspace.", "Choose a folder in the workspace.")
    if not real.is_dir():
        raise BadInput(f"There is no folder {path!r} in the workspace.", "Create it first.")
    return str(PurePosixPath(WORK, path))


def _shown_folder(folder: Folder, secret: Sequence[Path]) -> Shown:
    path = Path(folder.path)
    if not path.is_absolute():
        raise BadInput(f"The folder {folder.path!r} is not an absolute path.", "Give its whole path.")
    real = _real(path, "folder")
    if not real.is_dir():
        raise BadInput(f"{folder.path} is not a folder.", "Name a folder, or hand the file in with the task.")
    if str(real) != os.path.normpath(folder.path):
        raise BadInput(f"{folder.path} leads to {real} by a link.", f"Name {real} itself if it is meant.")
    if _meets(real, _SYSTEM):
        raise BadInput(f"{folder.path} belongs to the system and is not shown to a task.", "Name a folder of data.")
    if _meets(real, _OWN):
        raise BadInput(f"{folder.path} is a place that the sandbox uses itself.", "Move or copy the data elsewhere.")
    if is_secret(real) or any(real.is_relative_to(kept) for kept in secret):
        raise BadInput(f"{folder.path} holds secrets and is never shown to a task.", "Copy out what is needed.")
    return Shown(real, str(real), folder.writable, find_secrets(real, secret))


def _shown_mount(place: str, source: Path, secret: Sequence[Path]) -> Shown:
    if "\0" in place or os.path.normpath(place) != place or not place.startswith("/") or place.startswith("//"):
        raise BadInput(f"{place!r} is not a place in the sandbox.", "Give an absolute path without '..'.")
    if _meets(Path(place), (*_SYSTEM, *_OWN)):
        raise BadInput(f"Nothing can be mounted at {place}: the sandbox has it itself.", "Choose another place.")
    real = _real(source, "mount")
    if _meets(real, _MACHINE) or any(kept.is_relative_to(real) for kept in secret):
        raise BadInput(f"{source} is never shown to a task.", "Name the folder that is needed.")
    return Shown(real, place)


def _real(path: Path, what: str) -> Path:
    if "\0" in str(path):
        raise BadInput(f"The path of the {what} has a NUL character in it.", "Give it without.")
    try:
        return path.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise BadInput(f"The {what} {path} cannot be used: {error}.", "Check the path.") from error


def _meets(path: Path, places: Sequence[str]) -> bool:
    """Say whether `path` is, contains or lies in one of `places`."""
    own = os.path.join(path, "")  # noqa: PTH118 - as texts: it is asked for each command, a hundred times
    others = (os.path.join(place, "") for place in places)  # noqa: PTH118
    return any(own.startswith(other) or other.startswith(own) for other in others)
