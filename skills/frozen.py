"""An unchanging copy of a skill, named by its digest: what a run was started with stays what it was."""

import contextlib
import shutil
import tempfile
from pathlib import Path

from daemon.domain.errors import BadInput
from daemon.domain.skill import Skill
from skills import contents
from skills.contents import Kind
from skills.reader import folder_digest


def keep(skill: Skill, folder: Path) -> Path:
    """Copy a skill's files below `folder` under its digest, whole or not at all; gives the copy.

    Raises BadInput when the skill changes while it is copied, or holds what cannot be copied safely.
    """
    target = folder / skill.digest
    if target.exists():
        return target
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(dir=folder, prefix=".partial-"))
    try:
        _copy(Path(skill.folder), partial)
        if folder_digest(partial) != skill.digest:
            raise BadInput(f"The skill {skill.name} changed while it was read, or holds devices.", "Try again.")
        with contextlib.suppress(OSError):
            partial.rename(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return target


def _copy(source: Path, target: Path) -> None:
    for entry in contents.survey(source).entries:
        place = target / entry.path
        place.parent.mkdir(parents=True, exist_ok=True)
        if entry.kind is Kind.LINK:
            place.symlink_to(entry.target)
        elif entry.kind in (Kind.FILE, Kind.PROGRAM):
            place.write_bytes(contents.read_file(source, entry.path, contents.MAX_BYTES))
            place.chmod(0o755 if entry.kind is Kind.PROGRAM else 0o644)
