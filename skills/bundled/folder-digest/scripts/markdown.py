"""The digest as Markdown, in which nothing that a file or a name says is markup."""

import re
from collections.abc import Iterable, Sequence

from contents import Contents
from excerpt import Opening
from pages import LINES, SETS, branches, kind_rows, reading

from skills.report.quantity import counted, minute, share, size
from skills.report.visible import BREAK, clipped
from skills.report.walk import File, shown

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|~&<>:@])")
_RUN = re.compile("`+")


def markdown(contents: Contents, standing_out: tuple[str, ...], created: int) -> str:
    """Give the digest as CommonMark with tables."""
    root = contents.root
    totals = f"{counted(root.files, 'file')}, {counted(root.folders, 'folder')}, {size(contents.size)}"
    parts = [f"# Folder digest: {plain(contents.title)}", f"{plain(totals)}\\. Prepared on {plain(minute(created))}\\."]
    parts += ["## What stands out", _bullets(standing_out)]
    if root.files:
        parts += ["## Kinds of files", _kinds(contents), "## Structure", _structure(contents)]
        parts += ["## Newest changes", _files(contents.newest), "## Largest files", _files(contents.largest)]
        parts += ["## Files with the same content", _twins(contents)]
    for title, openings in (("Introductions", contents.readmes), ("First lines of texts", contents.texts)):
        if openings:
            parts += [f"## {title}", *map(_excerpt, openings)]
    parts += ["## How this was made", _bullets(reading(contents))]
    return "\n\n".join(parts) + "\n"


def plain(text: str) -> str:
    """Give `text` so that Markdown shows it as it is."""
    return _MARKUP.sub(r"\\\1", text.replace(BREAK, "")).replace("\n", " ")


def fenced(text: str) -> str:
    """Give `text` as a block that nothing in it can end."""
    longest = max((len(run) for run in _RUN.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def _bullets(items: Iterable[str]) -> str:
    return "\n".join(f"- {plain(item)}" for item in items)


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading)]
    body = [[plain(cell) for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in [*lines, *body])


def _kinds(contents: Contents) -> str:
    rows = [
        (kind, f"{files:,}", size(taken), share(taken, contents.size)) for kind, files, taken in kind_rows(contents)
    ]
    return _table(("Kind", "Files", "Size", "Share"), rows)


def _structure(contents: Contents) -> str:
    lines = [f"{'  ' * b.depth}{b.name}{f'  ({b.detail})' if b.detail else ''}" for b in branches(contents.tree)]
    if len(lines) > LINES:
        lines = [*lines[:LINES], f"… {counted(len(lines) - LINES, 'more line')}"]
    return fenced("\n".join(lines))


def _files(files: Iterable[File]) -> str:
    rows = [(clipped(shown(file.path), 200), size(file.size), minute(file.modified)) for file in files]
    return _table(("File", "Size", "Last change"), rows)


def _twins(contents: Contents) -> str:
    twins = contents.search.twins
    if not twins:
        return "No two of the files that were compared have the same content\\."
    items = []
    for group in twins[:SETS]:
        names = "; ".join(clipped(shown(path), 200) for path in group.paths[:SETS])
        items.append(f"{len(group.paths)} files of {size(group.size)} each: {names}")
    return _bullets(items)


def _excerpt(found: Opening) -> str:
    return f"### {plain(clipped(shown(found.path), 200))}\n\n{fenced(found.text)}"
