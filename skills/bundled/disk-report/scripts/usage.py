"""Where the space of a folder goes, added up in one walk."""

from collections.abc import Callable
from dataclasses import dataclass, field

from skills.report.filekinds import ending_of, kind_of
from skills.report.largest import Largest
from skills.report.walk import File, Folder, Remarks, Walk

DAY = 86_400
AGES = (
    ("up to a week", 7 * DAY),
    ("a week to a month", 30 * DAY),
    ("1 to 3 months", 91 * DAY),
    ("3 to 12 months", 365 * DAY),
    ("1 to 2 years", 2 * 365 * DAY),
    ("2 to 5 years", 5 * 365 * DAY),
)
OLDER = "over 5 years"
OLD, BIG = 365 * DAY, 10_000_000
_MOST_ENDINGS = 5000
_FOLDERS, _FILES, _CANDIDATES = 12, 25, 40
_EVERY = 20_000


@dataclass(slots=True)
class Share:
    """Bytes and files of one kind."""

    allocated: int = 0
    files: int = 0

    def add(self, file: File) -> None:
        """Count a file."""
        self.files += 1
        if file.first:
            self.allocated += file.allocated


@dataclass(slots=True)
class Usage:
    """What the walk found; sizes are allocated bytes, what the disk really gives up for a file."""

    title: str
    remarks: Remarks
    root: Folder
    apparent: int = 0
    sparse: int = 0
    subfolders: Largest[Folder] = field(default_factory=lambda: Largest(_FOLDERS))
    heaviest: Largest[Folder] = field(default_factory=lambda: Largest(_FOLDERS))
    files: Largest[File] = field(default_factory=lambda: Largest(_FILES))
    candidates: Largest[File] = field(default_factory=lambda: Largest(_CANDIDATES))
    candidate_bytes: int = 0
    candidate_files: int = 0
    kinds: dict[str, Share] = field(default_factory=dict)
    endings: dict[str, Share] = field(default_factory=dict)
    ages: dict[str, Share] = field(default_factory=dict)


def measure(walk: Walk, now: float, report: Callable[[int], None]) -> Usage:
    """Walk the folder and add up; `report` is told the number of files now and then."""
    usage = Usage(walk.title, walk.remarks, Folder(b"", 0))
    count = 0
    for found in walk:
        if isinstance(found, Folder):
            _add_folder(usage, found)
            continue
        count += 1
        _add_file(usage, found, now)
        if count % _EVERY == 0:
            report(count)
    return usage


def age_of(seconds: float) -> str:
    """Give the name of the age group; what is from the future is new."""
    return next((name for name, limit in AGES if seconds < limit), OLDER)


def _add_folder(usage: Usage, folder: Folder) -> None:
    if folder.depth == 0:
        usage.root = folder
        return
    if folder.depth == 1:
        usage.subfolders.add(folder.allocated, folder)
    usage.heaviest.add(folder.own, folder)


def _add_file(usage: Usage, file: File, now: float) -> None:
    ending = ending_of(file.name)
    if ending not in usage.endings and len(usage.endings) >= _MOST_ENDINGS:
        ending = "others"
    usage.endings.setdefault(ending, Share()).add(file)
    usage.kinds.setdefault(kind_of(ending), Share()).add(file)
    age = now - file.modified
    usage.ages.setdefault(age_of(age), Share()).add(file)
    if not file.first:
        return
    usage.apparent += file.size
    # Half a block or less unwritten is the rest of the last block of a compressing file system.
    usage.sparse += file.size - file.allocated > max(file.size // 8, 65_536)
    usage.files.add(file.allocated, file)
    if age >= OLD and file.allocated >= BIG:
        usage.candidates.add(file.allocated, file)
        usage.candidate_bytes += file.allocated
        usage.candidate_files += 1
