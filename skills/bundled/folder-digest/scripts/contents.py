"""What is in a folder, collected in one walk and a second look at a few of its files."""

from collections.abc import Callable
from dataclasses import dataclass, field

from excerpt import Opening, is_readme, is_text, opening
from machinery import is_machinery
from tree import Node, Sketch
from twins import Search, find_twins

from skills.report.filekinds import ending_of, kind_of
from skills.report.largest import Largest
from skills.report.walk import File, Folder, Remarks, Walk

_NEWEST, _LARGEST = 20, 15
_READMES, _TEXTS = 5, 8
# Candidates for equal content: the largest files, as equal small ones waste little.
_COMPARED = 100_000
_EVERY = 20_000


@dataclass(slots=True)
class Part:
    """Files and bytes of one kind, and the endings that it is made of."""

    files: int = 0
    size: int = 0
    endings: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Contents:
    """What was found; sizes are apparent bytes."""

    title: str
    remarks: Remarks
    tree: Node
    size: int
    kinds: dict[str, Part]
    newest: list[File]
    largest: list[File]
    readmes: list[Opening]
    texts: list[Opening]
    search: Search
    compared_all: bool

    @property
    def root(self) -> Folder:
        """Give the totals."""
        return self.tree.folder


class _Collector:
    def __init__(self) -> None:
        self.sketch = Sketch()
        self.kinds: dict[str, Part] = {}
        self.size = self.count = 0
        self.newest: Largest[File] = Largest(_NEWEST)
        self.largest: Largest[File] = Largest(_LARGEST)
        self.readmes: Largest[File] = Largest(_READMES)
        self.texts: Largest[File] = Largest(_TEXTS)
        self.compared: Largest[File] = Largest(_COMPARED)

    def add(self, found: File | Folder) -> None:
        self.sketch.add(found)
        if isinstance(found, Folder):
            return
        self.count += 1
        ending = ending_of(found.name)
        part = self.kinds.setdefault(kind_of(ending), Part())
        part.files += 1
        if len(part.endings) < 200:
            part.endings.add(ending)
        if not found.first:
            return
        self.size += found.size
        part.size += found.size
        self.largest.add(found.size, found)
        self.compared.add(found.size, found)
        if not is_machinery(found.path):
            self.newest.add(found.modified, found)
            if found.size:
                self._add_text(found)

    def _add_text(self, file: File) -> None:
        # The nearest to the top first: they say what the folder is about.
        if is_readme(file.name):
            self.readmes.add(-file.depth, file)
        elif is_text(file.name):
            self.texts.add(-file.depth, file)


def collect(walk: Walk, report: Callable[[float, str], None]) -> Contents:
    """Walk the folder, compare files of equal size and read the beginnings of texts."""
    found = _Collector()
    for item in walk:
        found.add(item)
        if found.count and found.count % _EVERY == 0:
            report(5 + min(40, found.count / 20_000), f"{found.count:,} files seen")
    report(50, "Comparing files of the same size")
    search = find_twins(found.compared.items(), walk.absolute)
    report(80, "Reading the beginnings of texts")
    return Contents(
        title=walk.title,
        remarks=walk.remarks,
        tree=found.sketch.root,
        size=found.size,
        kinds=found.kinds,
        newest=found.newest.items(),
        largest=found.largest.items(),
        readmes=_openings(found.readmes, walk),
        texts=_openings(found.texts, walk),
        search=search,
        compared_all=not found.compared.passed,
    )


def _openings(files: Largest[File], walk: Walk) -> list[Opening]:
    ordered = sorted(files.items(), key=lambda file: (file.depth, file.path))
    return [text for file in ordered if (text := opening(file, walk.absolute(file.path))) is not None]
