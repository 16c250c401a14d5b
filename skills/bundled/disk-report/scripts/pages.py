"""The pages of a disk report: file systems, then where the space of a folder goes."""

from filesystems import FileSystem
from findings import path_of
from usage import AGES, OLDER, Share, Usage

from skills.report.blocks import Block, Bullets, Charts, Column, Document, Paragraph, Section, Table
from skills.report.charts import BarChart, Chart, bar_chart
from skills.report.quantity import age, counted, day, minute, share, size
from skills.report.visible import breakable, clipped
from skills.report.walk import File, shown

_KINDS, _ENDINGS = 8, 15
_DIRECTLY = "files directly in it"


def document(
    systems: tuple[FileSystem, ...], usage: Usage | None, standing_out: tuple[str, ...], created: int
) -> Document:
    """Compose the report; without a folder it is about the file systems only."""
    title = breakable(clipped(usage.title, 120), 30) if usage else "File systems"
    sections = [Section("What stands out", (Bullets(standing_out),)), _systems(systems)]
    if usage is not None:
        sections += _folder(usage, created)
    return Document(
        label="Disk report",
        title=title,
        subtitle=f"Prepared on {minute(created)}",
        figures=_figures(systems, usage),
        sections=tuple(sections),
        footer=f"Disk report · {day(created)}",
        created=created,
    )


def _figures(systems: tuple[FileSystem, ...], usage: Usage | None) -> tuple[tuple[str, str], ...]:
    fullest = max(systems, key=lambda system: system.fullness, default=None)
    figures = []
    if usage is not None:
        figures += [
            (size(usage.root.allocated), "taken by the folder"),
            (f"{usage.root.files:,}", "file" if usage.root.files == 1 else "files"),
            (f"{usage.root.folders:,}", "folder in it" if usage.root.folders == 1 else "folders in it"),
        ]
    if fullest is not None:
        if usage is None:
            figures.append((counted(len(systems), "file system"), "seen from here"))
        figures.append((size(fullest.free), "free on the fullest disk"))
    return tuple(figures)


def _systems(systems: tuple[FileSystem, ...]) -> Section:
    columns = (
        Column("Seen at"),
        Column("Size", "right", 70),
        Column("Used", "right", 70),
        Column("Free", "right", 70),
        Column("Full", "right", 50),
        Column("Access", "left", 70),
    )
    rows = tuple(
        (
            path_of(system),
            size(system.total),
            size(system.used),
            size(system.free),
            share(system.used, system.used + system.free),
            "read only" if system.read_only else "read, write",
        )
        for system in systems
    )
    return Section("File systems", (Table(columns, rows, strong=True),))


def _folder(usage: Usage, created: int) -> list[Section]:
    if not usage.root.files:
        return [Section("Where the space goes", (Paragraph("There are no files in this folder."), _counting(usage)))]
    sections = [Section("Where the space goes", (Charts(_charts(usage)),))]
    sections.append(Section("Biggest files", (_files(usage.files.items(), created),)))
    sections.append(Section("Folders with the most directly in them", (_heaviest(usage),)))
    sections.append(Section("Old and big: candidates for cleaning up", _candidates(usage, created)))
    sections.append(Section("By ending of the name", (_endings(usage),)))
    sections.append(Section("How this was counted", (_counting(usage),)))
    return sections


def _charts(usage: Usage) -> tuple[Chart, ...]:
    return (_subfolders(usage), _kinds(usage), _ages(usage))


def _subfolders(usage: Usage) -> BarChart:
    total = usage.root.allocated
    kept = usage.subfolders.items()
    bars = [_bar(shown(folder.name), folder.allocated, total) for folder in kept]
    if usage.root.own:
        bars.append(_bar(_DIRECTLY, usage.root.own, total))
    rest = total - usage.root.own - sum(folder.allocated for folder in kept)
    if usage.subfolders.passed:
        bars.append(_bar(f"{usage.subfolders.passed:,} other folders", rest, total))
    # What lies in no folder and what is left over take their place by size, too.
    bars.sort(key=lambda bar: -bar[2])
    return bar_chart("Subfolders", "Space taken, with all that is in them", bars, wide=True)


def _kinds(usage: Usage) -> BarChart:
    ordered = sorted(usage.kinds.items(), key=lambda item: (-item[1].allocated, item[0]))
    bars = [_bar(kind, part.allocated, usage.root.allocated) for kind, part in ordered[:_KINDS]]
    return bar_chart("Kinds of files", "Space taken, by the ending of the name", bars)


def _ages(usage: Usage) -> BarChart:
    names = [*(name for name, _ in AGES), OLDER]
    parts = [(name, usage.ages.get(name, Share()).allocated) for name in names]
    return bar_chart("Age", "Space taken, by the last change", [_bar(*part, usage.root.allocated) for part in parts])


def _bar(name: str, allocated: int, total: int) -> tuple[str, str, float]:
    label = breakable(clipped(name, 32), 14)
    return label, f"{size(allocated)} · {share(allocated, total)}", float(allocated)


def _files(files: list[File], created: int) -> Table:
    columns = (
        Column("File"),
        Column("Space", "right", 60),
        Column("Appears as", "right", 60),
        Column("Last change", "right", 66),
        Column("Age", "right", 58),
    )
    rows = tuple(
        (
            breakable(clipped(shown(file.path), 160), 52),
            size(file.allocated),
            size(file.size),
            day(file.modified),
            age(created - file.modified),
        )
        for file in files
    )
    return Table(columns, rows)


def _heaviest(usage: Usage) -> Table:
    columns = (Column("Folder"), Column("Directly in it", "right", 80), Column("With all below", "right", 80))
    folders = [folder for folder in usage.heaviest.items() if folder.own]
    if usage.root.own:
        folders = sorted([usage.root, *folders], key=lambda folder: (-folder.own, folder.path))
    rows = tuple(
        (breakable(clipped(shown(folder.path) or usage.title, 160), 60), size(folder.own), size(folder.allocated))
        for folder in folders
    )
    return Table(columns, rows)


def _candidates(usage: Usage, created: int) -> tuple[Block, ...]:
    if not usage.candidate_files:
        return (Paragraph("No file of 10 MB or more is older than a year."),)
    files = usage.candidates.items()
    words = (
        f"{counted(usage.candidate_files, 'file')} of 10 MB or more, last changed over a year ago, "
        f"{size(usage.candidate_bytes)} together"
    )
    if len(files) < usage.candidate_files:
        words += f"; these are the {len(files)} biggest"
    return (Paragraph(f"{words}. Nothing was deleted or changed."), _files(files, created))


def _endings(usage: Usage) -> Table:
    columns = (
        Column("Ending"),
        Column("Files", "right", 80),
        Column("Space", "right", 80),
        Column("Share", "right", 60),
    )
    ordered = sorted(usage.endings.items(), key=lambda item: (-item[1].allocated, item[0]))
    rows = tuple(
        (ending, f"{part.files:,}", size(part.allocated), share(part.allocated, usage.root.allocated))
        for ending, part in ordered[:_ENDINGS]
    )
    return Table(columns, rows)


def _counting(usage: Usage) -> Bullets:
    remarks = usage.remarks
    items = [
        "Space is what the disk gives up for a file; a file with gaps may appear larger, a small one takes a block.",
        "Links are not followed, and what lies on other file systems is not counted.",
    ]
    if remarks.links:
        items.append(f"{counted(remarks.links, 'symbolic link')} found.")
    if remarks.repeated:
        items.append(f"{counted(remarks.repeated, 'further name')} of files that have several; each counts once.")
    if remarks.special:
        items.append(f"{counted(remarks.special, 'socket, pipe or device', 'sockets, pipes or devices')} left out.")
    if remarks.unreadable:
        items.append(f"{counted(remarks.unreadable, 'entry', 'entries')} could not be read.")
    return Bullets(tuple(items))
