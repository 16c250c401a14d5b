"""The pages of a digest."""

from collections.abc import Iterator

from contents import Contents
from excerpt import Opening
from tree import DEPTH, Node

from skills.report.blocks import (
    Block,
    Branch,
    Bullets,
    Charts,
    Column,
    Document,
    Excerpt,
    Paragraph,
    Section,
    Table,
    Tree,
)
from skills.report.charts import BarChart, bar_chart
from skills.report.quantity import counted, day, minute, share, size
from skills.report.visible import breakable, clipped
from skills.report.walk import File, shown

LINES, SETS = 160, 15
_COPIES = 6


def document(contents: Contents, standing_out: tuple[str, ...], created: int) -> Document:
    """Compose the digest."""
    root = contents.root
    sections = [Section("What stands out", (Bullets(standing_out),))]
    if root.files:
        sections += [
            Section("Kinds of files", (Charts((_kinds(contents),)),)),
            Section("Structure", _structure(contents)),
            Section("Newest changes", (_files(contents.newest),)),
            Section("Largest files", (_files(contents.largest),)),
            Section("Files with the same content", _twins(contents)),
        ]
    for title, openings in (("Introductions", contents.readmes), ("First lines of texts", contents.texts)):
        if openings:
            sections.append(Section(title, tuple(map(_excerpt, openings))))
    sections.append(Section("How this was made", (Bullets(reading(contents)),)))
    return Document(
        label="Folder digest",
        title=breakable(clipped(contents.title, 120), 30),
        subtitle=f"Prepared on {minute(created)}",
        figures=(
            (f"{root.files:,}", "file" if root.files == 1 else "files"),
            (f"{root.folders:,}", "folder in it" if root.folders == 1 else "folders in it"),
            (size(contents.size), "in all files"),
            (day(root.newest) if root.files else "–", "newest change"),
        ),
        sections=tuple(sections),
        footer=f"Folder digest · {day(created)}",
        created=created,
    )


def branches(node: Node, depth: int = 0) -> Iterator[Branch]:
    """Give the lines of the tree below a folder, subfolders first."""
    for child in node.folders:
        inside = f"{counted(child.folder.files, 'file')}, {size(child.folder.size)}"
        yield Branch(depth, clipped(shown(child.folder.name), 90) + "/", inside, folder=True)
        yield from branches(child, depth + 1)
    for file in node.files:
        yield Branch(depth, clipped(shown(file.name), 90), size(file.size))
    if node.hidden:
        yield Branch(depth, f"… {node.hidden:,} more", "")


def reading(contents: Contents) -> tuple[str, ...]:
    """Say what was looked at and what was not."""
    remarks, search = contents.remarks, contents.search
    items = [
        f"The structure is shown to a depth of {DEPTH}, of each folder the largest entries.",
        "Folders of programs (names with a dot in front, node_modules, caches, virtual environments) are counted, but "
        "not opened in the structure, and are left out of newest changes and texts.",
        "Links are not followed, and other file systems are not entered. Nothing was changed.",
    ]
    if search.stopped:
        items.append(f"Files were compared until {size(search.read)} had been read; there may be more equal ones.")
    if not contents.compared_all:
        items.append("Only the largest 100,000 files were compared with each other.")
    if remarks.links:
        items.append(f"{counted(remarks.links, 'symbolic link')} found.")
    if remarks.repeated:
        items.append(f"{counted(remarks.repeated, 'further name')} of files that have several; each counts once.")
    if remarks.special:
        items.append(f"{counted(remarks.special, 'socket, pipe or device', 'sockets, pipes or devices')} left out.")
    return tuple(items)


def kind_rows(contents: Contents) -> list[tuple[str, int, int]]:
    """Give kinds of files with their number and bytes, the largest first."""
    rows = [(kind, part.files, part.size) for kind, part in contents.kinds.items()]
    return sorted(rows, key=lambda row: (-row[2], -row[1], row[0]))


def _kinds(contents: Contents) -> BarChart:
    bars = [
        (kind, f"{counted(files, 'file')} · {size(taken)} · {share(taken, contents.size)}", float(taken))
        for kind, files, taken in kind_rows(contents)
    ]
    return bar_chart("Kinds of files", "By the ending of the name, the longest bar has the most bytes", bars, wide=True)


def _structure(contents: Contents) -> tuple[Block, ...]:
    lines = list(branches(contents.tree))
    tree = Tree(tuple(Branch(b.depth, breakable(b.name, 40), b.detail, b.folder) for b in lines[:LINES]))
    if len(lines) <= LINES:
        return (tree,)
    return (tree, Paragraph(f"{counted(len(lines) - LINES, 'more line')} not shown.", quiet=True))


def _files(files: list[File]) -> Table:
    columns = (Column("File"), Column("Size", "right", 70), Column("Last change", "right", 100))
    rows = tuple((_path(file.path), size(file.size), minute(file.modified)) for file in files)
    return Table(columns, rows)


def _twins(contents: Contents) -> tuple[Block, ...]:
    twins = contents.search.twins
    if not twins:
        return (Paragraph("No two of the files that were compared have the same content."),)
    columns = (Column("Files"), Column("Each", "right", 70), Column("Copies take", "right", 70))
    rows = []
    for group in twins[:SETS]:
        names = "\n".join(_path(path) for path in group.paths[:_COPIES])
        if len(group.paths) > _COPIES:
            names += f"\n… and {len(group.paths) - _COPIES} more"
        rows.append((names, size(group.size), size(group.spare)))
    blocks: list[Block] = [Table(columns, tuple(rows))]
    if len(twins) > SETS:
        blocks.append(Paragraph(f"{counted(len(twins) - SETS, 'more set')} not shown.", quiet=True))
    return tuple(blocks)


def _excerpt(found: Opening) -> Excerpt:
    return Excerpt(_path(found.path), breakable(found.text, 80))


def _path(path: bytes) -> str:
    return breakable(clipped(shown(path), 160), 52)
