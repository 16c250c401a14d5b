"""What stands out in a folder, as sentences."""

from collections.abc import Iterator

from contents import Contents

from skills.report.quantity import age, counted, share, size
from skills.report.visible import breakable, clipped
from skills.report.walk import shown


def findings(contents: Contents, created: int) -> tuple[str, ...]:
    """Give what stands out, what matters most first."""
    if not contents.root.files:
        return ("There are no files in this folder.", *_remarks(contents))
    return (*_made_of(contents), *_newest(contents, created), *_twins(contents), *_remarks(contents))


def named(path: bytes, width: int = 70) -> str:
    """Give a path in quotation marks for a sentence."""
    return f"“{breakable(clipped(shown(path), width), 30)}”"


def _made_of(contents: Contents) -> Iterator[str]:
    ordered = sorted(contents.kinds.items(), key=lambda item: (-item[1].size, -item[1].files, item[0]))
    words = [
        f"{kind} ({counted(part.files, 'file')}, {share(part.size, contents.size)} of the size)"
        for kind, part in ordered[:3]
    ]
    yield f"Mostly {', '.join(words)}." if len(ordered) > 1 else f"All of it is of one kind: {words[0]}."
    big = contents.largest[0] if contents.largest else None
    if big is not None and big.size > 0.2 * contents.size:
        part = share(big.size, contents.size)
        yield f"One file, {named(big.path)}, makes up {part} of the size ({size(big.size)})."


def _newest(contents: Contents, created: int) -> Iterator[str]:
    if contents.newest:
        file = contents.newest[0]
        past = created - file.modified
        when = f"{age(past)} ago" if past >= 0 else "at a time that is still to come"
        yield f"The newest change was {when}: {named(file.path)}."


def _twins(contents: Contents) -> Iterator[str]:
    twins = contents.search.twins
    if twins:
        spare = sum(group.spare for group in twins)
        sets = counted(len(twins), "set of files has", "sets of files have")
        yield f"{sets} the same content; the copies take {size(spare)}."


def _remarks(contents: Contents) -> Iterator[str]:
    remarks = contents.remarks
    if remarks.unreadable:
        examples = ", ".join(named(path, 40) for path in remarks.unreadable_examples[:2])
        yield f"{counted(remarks.unreadable, 'entry', 'entries')} could not be read and is left out: {examples}."
    if remarks.mounts:
        examples = ", ".join(named(path, 40) for path in remarks.mounts[:3])
        yield f"Other file systems below the folder were not entered: {examples}."
