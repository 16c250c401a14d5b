"""What is different between two files, as sentences; and how they were compared."""

from collections.abc import Iterator, Sequence

from comparison import Comparison
from totals import Total

from skills.report.quantity import counted, number
from skills.report.visible import breakable, clipped, visible


def findings(found: Comparison) -> tuple[str, ...]:
    """Give what is different, what matters most first."""
    if found.equal:
        note = " but for how some numbers are written" if found.written_differently else ""
        return (f"Nothing is different{note}: {counted(found.same, 'row' if found.tables else 'line')} in both.",)
    if found.tables is None:
        return tuple(_lines(found))
    return (*_rows(found), *_columns(found), *_sums(found))


def named(text: str, width: int = 60) -> str:
    """Give a text in quotation marks for a sentence."""
    return f"“{breakable(clipped(visible(text), width), 30)}”"


def _lines(found: Comparison) -> Iterator[str]:
    added = sum(len(hunk.added) for hunk in found.hunks)
    removed = sum(len(hunk.removed) for hunk in found.hunks)
    places = counted(len(found.hunks), "place")
    yield f"{counted(added, 'line')} added and {counted(removed, 'line')} removed at {places}; {found.same:,} the same."


def _rows(found: Comparison) -> Iterator[str]:
    parts = [f"{len(found.added):,} added", f"{len(found.removed):,} removed"]
    if found.key is not None:
        parts.append(f"{len(found.changed):,} changed")
    yield f"Rows: {', '.join(parts)}, {found.same:,} the same."
    columns = found.by_column()
    if columns:
        shown = ", ".join(f"{named(name, 40)} ({counted(count, 'row')})" for name, count in columns[:3])
        more = f" and {counted(len(columns) - 3, 'more column')}" if len(columns) > 3 else ""
        yield f"Changed: {shown}{more}."


def _columns(found: Comparison) -> Iterator[str]:
    for names, what in ((found.new_columns, "new"), (found.gone_columns, "gone")):
        if names:
            more = f" and {len(names) - 5} more" if len(names) > 5 else ""
            yield f"Columns that are {what}: {', '.join(named(name, 40) for name in names[:5])}{more}."


def _sums(found: Comparison) -> Iterator[str]:
    differing = [total for total in found.totals if total.before != total.after]
    for total in differing[:2]:
        yield f"The sum of {named(total.column, 40)} went from {amount(total, 'before')} to {amount(total, 'after')}."


def amount(total: Total, which: str) -> str:
    """Give the sum before or after, or the change with its sign."""
    if which == "change":
        change = total.after - total.before
        return f"{'+' if change > 0 else ''}{number(float(change), total.decimals)}"
    return number(float(total.before if which == "before" else total.after), total.decimals)


def reading(found: Comparison) -> tuple[str, ...]:
    """Say how the files were read and compared."""
    items = [f"{named(one.name, 80)}: {one.words}." for one in (found.before, found.after)]
    return (*items, *(_matching(found) if found.tables else ["The files were compared line by line."]))


def _matching(found: Comparison) -> Sequence[str]:
    items: list[str] = []
    if found.key is None:
        items.append(
            "No column has values that are unique in both files, so whole rows were compared. A key can be named."
        )
    else:
        columns = " and ".join(named(name) for name in found.key.columns)
        by = "as was asked" if found.key.named else "whose values are unique in both files"
        items.append(f"Rows are the same where {columns} is the same, {by}.")
    items.append("The order of rows and of columns does not count, nor do spaces around a value.")
    if found.repeated:
        items.append(f"{counted(found.repeated, 'row repeats', 'rows repeat')} a key; they are matched in their order.")
    if found.written_differently:
        cells = counted(found.written_differently, "number is", "numbers are")
        items.append(f"{cells} written differently and equal (1.5 and 1.50).")
    return items
