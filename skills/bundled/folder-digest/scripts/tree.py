"""The upper part of a tree in bounded memory: of each folder the largest subfolders and files, down to a depth."""

from dataclasses import dataclass, field

from machinery import is_machinery

from skills.report.largest import Largest
from skills.report.walk import File, Folder

DEPTH = 3
_FOLDERS, _FILES = 12, 8


@dataclass(slots=True)
class Node:
    """A folder of the tree with what is shown of it; `hidden` counts what is not."""

    folder: Folder
    folders: list["Node"] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    hidden: int = 0


@dataclass(slots=True)
class _Level:
    """What was seen of a folder that the walk has not left."""

    folders: Largest[Node] = field(default_factory=lambda: Largest(_FOLDERS))
    files: Largest[File] = field(default_factory=lambda: Largest(_FILES))


class Sketch:
    """Collects the tree from a walk, which gives folders after what is in them."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._levels: list[_Level] = [_Level() for _ in range(DEPTH + 1)]
        self.root = Node(Folder(b"", 0))

    def add(self, found: File | Folder) -> None:
        """Add what the walk gave."""
        if isinstance(found, File):
            if found.depth < DEPTH:
                self._levels[found.depth].files.add(found.size, found)
        elif found.depth <= DEPTH:
            self._leave(found)

    def _leave(self, folder: Folder) -> None:
        level, self._levels[folder.depth] = self._levels[folder.depth], _Level()
        node = Node(folder)
        if folder.depth < DEPTH and not is_machinery(folder.path):
            node.folders = sorted(level.folders.items(), key=lambda child: child.folder.name)
            node.files = sorted(level.files.items(), key=lambda file: file.name)
            node.hidden = level.folders.passed + level.files.passed
        if folder.depth:
            self._levels[folder.depth - 1].folders.add(folder.size, node)
        else:
            self.root = node
