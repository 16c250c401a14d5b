"""What stands out about a disk, as sentences."""

from collections.abc import Iterator

from filesystems import FileSystem
from usage import Usage

from skills.report.quantity import counted, share, size
from skills.report.visible import breakable, clipped, visible
from skills.report.walk import shown

_NEARLY_FULL, _FULL = 0.85, 0.95


def findings(systems: tuple[FileSystem, ...], usage: Usage | None) -> tuple[str, ...]:
    """Give what stands out, what matters most first."""
    sentences = [*_fullness(systems)]
    if usage is not None:
        sentences += [*_where(usage), *_candidates(usage), *_remarks(usage)]
    return tuple(sentences) or ("No file system of a size that could be measured is seen from here.",)


def named(path: bytes, width: int = 70) -> str:
    """Give a path in quotation marks for a sentence."""
    return f"“{breakable(clipped(shown(path), width), 30)}”"


def path_of(system: FileSystem) -> str:
    """Give the paths of a file system for reading."""
    return ", ".join(breakable(clipped(visible(path), 60), 30) for path in system.paths)


def _fullness(systems: tuple[FileSystem, ...]) -> Iterator[str]:
    for system in sorted(systems, key=lambda system: -system.fullness):
        state = "has"
        if system.fullness >= _FULL:
            state = "is almost full:"
        elif system.fullness >= _NEARLY_FULL:
            state = "is getting full:"
        percent = share(system.free, system.used + system.free)
        yield f"The disk of {path_of(system)} {state} {size(system.free)} free of {size(system.total)} ({percent})."


def _where(usage: Usage) -> Iterator[str]:
    total = usage.root.allocated
    largest = next(iter(usage.subfolders.items()), None)
    if largest is not None and total and largest.allocated:
        part = share(largest.allocated, total)
        yield f"The largest subfolder is {named(largest.name)} with {size(largest.allocated)}, {part} of the folder."
    biggest = next(iter(usage.files.items()), None)
    if biggest is not None and biggest.allocated:
        part = share(biggest.allocated, total)
        yield f"The biggest file is {named(biggest.path)} with {size(biggest.allocated)}, {part} of the folder."
    if usage.sparse:
        files = counted(usage.sparse, "file has", "files have")
        yield f"{files} gaps: all files together appear to be {size(usage.apparent)}, but take {size(total)}."


def _candidates(usage: Usage) -> Iterator[str]:
    if usage.candidate_files:
        files = counted(usage.candidate_files, "file of 10 MB or more was", "files of 10 MB or more were")
        yield f"{files} last changed over a year ago, {size(usage.candidate_bytes)} together; see the list below."


def _remarks(usage: Usage) -> Iterator[str]:
    remarks = usage.remarks
    if remarks.unreadable:
        examples = ", ".join(named(path, 40) for path in remarks.unreadable_examples[:2])
        yield f"{counted(remarks.unreadable, 'entry', 'entries')} could not be read and is not counted: {examples}."
    if remarks.mounts:
        examples = ", ".join(named(path, 40) for path in remarks.mounts[:3])
        yield f"Other file systems below the folder are not counted: {examples}."
