"""The skill library: all skills of several folders, found by name or by the words of a goal.

Folders are read when they are first needed, and a skill's folder again when something in it changed, so that a new
skill needs no restart.
"""

import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from daemon.domain.errors import BadInput, NotFound
from daemon.domain.skill import Skill, SkillMatch
from skills import contents, invocation, triggers
from skills.reader import Problem, read_skill
from skills.visible import one_line, quoted

# A file can change twice within one tick of its clock: what changed this recently is read again next time.
_SETTLED = 100_000_000  # nanoseconds


def bundled_folder() -> Path:
    """Give the folder of the skills that come with the product, in a checkout and in an installed wheel."""
    return Path(__file__).resolve().parent / "bundled"


@dataclass(frozen=True, slots=True)
class _Read:
    """What a folder was when it was read; `seen` is None when it must be read again."""

    seen: contents.Contents | None
    result: Skill | Problem


class Library:
    """The skills of several folders; the port `Skills` of the domain. Safe to use from several threads."""

    def __init__(self, folders: Sequence[tuple[str, Path]]) -> None:
        """Take (source, folder) pairs; skills of later folders replace those of earlier ones with the same name."""
        self._folders = tuple((source, Path(folder)) for source, folder in folders)
        self._read: dict[tuple[str, Path], _Read] = {}
        self._lock = threading.Lock()

    def all(self) -> Sequence[Skill]:
        """Give every skill that loads, by name."""
        return self._now()[0]

    def problems(self) -> Sequence[Problem]:
        """Give every folder that is left out, and why."""
        return self._now()[1]

    def find(self, name: str) -> Skill:
        """Give one skill; raises NotFound with the nearest name."""
        skills = {skill.name: skill for skill in self.all()}
        if name in skills:
            return skills[name]
        near = get_close_matches(name[:64], skills, n=1, cutoff=0.5)
        fix = f"Did you mean {near[0]}?" if near else "See what there is: agent skills"
        raise NotFound(f"There is no skill {quoted(name)}.", fix)

    def match(self, goal: str, files: Sequence[str], folders: Sequence[str]) -> SkillMatch | None:
        """Give the skill that a goal calls, or None.

        `files` are the names of the attached files, `folders` the absolute paths of the given ones. The values of
        file slots are such names, those of folder slots absolute paths. Raises NotFound for `/name` of no skill, and
        BadInput for a `/name` whose arguments do not fit.
        """
        called = invocation.read_invocation(goal)
        if called is not None:
            return invocation.fill(self.find(called.name), called.rest, files, folders)
        if len(goal) > triggers.MAX_GOAL:
            return None
        return triggers.best(self.all(), goal, files, folders)

    def _now(self) -> tuple[tuple[Skill, ...], tuple[Problem, ...]]:
        with self._lock:
            read: dict[tuple[str, Path], _Read] = {}
            skills: dict[str, Skill] = {}
            problems: list[Problem] = []
            for source, root in self._folders:
                found = self._of(source, root, read, problems)
                skills.update(found)
            self._read = read
            return tuple(skills[name] for name in sorted(skills)), tuple(problems)

    def _of(
        self, source: str, root: Path, read: dict[tuple[str, Path], _Read], problems: list[Problem]
    ) -> dict[str, Skill]:
        """Give the skills of one folder by name; those whose folder is called like them come first."""
        found: list[Skill] = []
        for folder in _skill_folders(source, root, problems):
            key = (source, folder)
            read[key] = _current(source, folder, self._read.get(key))
            result = read[key].result
            if isinstance(result, Problem):
                problems.append(result)
            else:
                found.append(result)
        skills: dict[str, Skill] = {}
        for skill in sorted(found, key=lambda skill: (Path(skill.folder).name != skill.name, skill.folder)):
            if skill.name in skills:
                reason = f"Another folder beside it already has the name {skill.name}. Rename one of them."
                problems.append(Problem(one_line(skill.folder, 500), reason, source))
            else:
                skills[skill.name] = skill
        return skills


def _current(source: str, folder: Path, before: _Read | None) -> _Read:
    """Give what a folder holds: as it was read, when nothing changed since."""
    try:
        seen = contents.survey(folder)
    except (BadInput, OSError):
        return _Read(None, read_skill(folder, source))
    if before is not None and before.seen == seen:
        return before
    settled = seen.newest() < time.time_ns() - _SETTLED
    return _Read(seen if settled else None, read_skill(folder, source))


def _skill_folders(source: str, root: Path, problems: list[Problem]) -> list[Path]:
    """List the folders that should be skills; a missing root has none, links are reported and not followed."""
    folders: list[Path] = []
    try:
        with os.scandir(root) as listing:
            items = sorted(listing, key=lambda item: item.name)
    except FileNotFoundError:
        return []
    except OSError as error:
        problems.append(Problem(one_line(str(root), 500), f"It cannot be read: {error.strerror}.", source))
        return []
    for item in items:
        if item.name.startswith((".", "__")):
            continue
        if item.is_dir(follow_symlinks=False):
            folders.append(root / item.name)
        elif item.is_symlink() and item.is_dir():
            path = one_line(str(root / item.name), 500)
            problems.append(
                Problem(path, "It is a link, and links are not followed. Put the folder itself here.", source)
            )
    return folders
