"""The report's pages: key figures, what stands out, charts, columns, rows, and how the file was read."""

from column import Profile
from groups import Series
from measurement import Measurement, is_averaged
from pictures import pictures
from survey import Survey
from wording import amount, column_name, date_of, distinct_of, least_and_most, named

from skills.report.blocks import (
    Align,
    Block,
    Bullets,
    Card,
    Cards,
    Charts,
    Column,
    Document,
    Paragraph,
    Section,
    Table,
)
from skills.report.data.missing import MISSING_IN_WORDS
from skills.report.grid import grid
from skills.report.quantity import counted, day, minute, share, size
from skills.report.visible import breakable, clipped, one_line

_MOST_CARDS = 48
_MOST_CELLS = 12_000
_FREQUENT = 6
_CELL = 160


def document(
    survey: Survey, found: Measurement, series: Series | None, standing_out: tuple[str, ...], created: int
) -> Document:
    """Compose the report."""
    name = survey.source.name
    sections = [Section("What stands out", (Bullets(standing_out),))]
    if charts := pictures(found, series):
        sections.append(Section("Charts", (Charts(charts),)))
    sections.append(_overview(found))
    sections.append(_details(found))
    if survey.rows:
        sections.extend(_rows(survey, found))
    sections.append(Section("How this file was read", (Bullets(_reading(survey, found)),)))
    return Document(
        label="Data report",
        title=breakable(clipped(name, 120), 30),
        subtitle=f"Prepared on {minute(created)}",
        figures=_figures(survey, found),
        sections=tuple(sections),
        footer=f"{breakable(clipped(name, 60), 30)} · {day(created)}",
        created=created,
    )


def _figures(survey: Survey, found: Measurement) -> tuple[tuple[str, str], ...]:
    cells = survey.rows * len(found.profiles)
    missing = sum(profile.missing for profile in found.profiles)
    figures = [
        (f"{survey.rows:,}", "row" if survey.rows == 1 else "rows"),
        (f"{len(found.profiles):,}", "column" if len(found.profiles) == 1 else "columns"),
        (size(survey.source.bytes), "file size"),
        (share(cells - missing, cells) if cells else "–", "of the cells filled"),
    ]
    return tuple(figures)


def _overview(found: Measurement) -> Section:
    columns = (
        Column("Column", "left", None),
        Column("Type", "left", 54),
        Column("Missing", "right", 68),
        Column("Distinct", "right", 68),
        Column("Least", "right", 86),
        Column("Typical", "right", 76),
        Column("Most", "right", 86),
    )
    return Section("Columns at a glance", (Table(columns, tuple(map(_overview_row, found.profiles)), strong=True),))


def _overview_row(profile: Profile) -> tuple[str, ...]:
    least, most = least_and_most(profile)
    missing = f"{profile.missing:,}"
    if profile.missing:
        missing += f" ({share(profile.missing, profile.rows)})"
    cells = (least, _typical(profile), most)
    name = breakable(clipped(profile.name, 60), 14)
    return (name, profile.type, missing, distinct_of(profile), *(breakable(cell, 18) for cell in cells))


def _typical(profile: Profile) -> str:
    spread = profile.distribution
    if profile.type == "number" and spread is not None:
        return amount(spread.quartiles[1], profile.kind.format)
    if profile.frequent and profile.frequent[0][1] > 1 and profile.type in ("category", "boolean"):
        return clipped(one_line(profile.frequent[0][0]), 30)
    return "–"


def _details(found: Measurement) -> Section:
    cards = Cards(tuple(map(_card, found.profiles[:_MOST_CARDS])))
    blocks: list[Block] = [cards]
    if len(found.profiles) > _MOST_CARDS:
        left = counted(len(found.profiles) - _MOST_CARDS, "more column")
        blocks.append(Paragraph(f"{left} in the table above, not shown in detail.", quiet=True))
    return Section("Columns in detail", tuple(blocks))


def _card(profile: Profile) -> Card:
    facts = [
        ("Filled", f"{profile.present:,} ({share(profile.present, profile.rows)})"),
        ("Missing", f"{profile.missing:,}"),
        ("Distinct", distinct_of(profile)),
        *_facts(profile),
    ]
    if profile.odd:
        facts.append(("Not of this type", f"{profile.odd:,}"))
    parts, note = _frequent(profile)
    return Card(breakable(clipped(profile.name, 80), 24), profile.type, tuple(facts), parts, note)


def _facts(profile: Profile) -> list[tuple[str, str]]:
    spread, form = profile.distribution, profile.kind.format
    least, most = least_and_most(profile)
    if profile.type == "date":
        return [("Earliest", least), ("Latest", most)]
    if profile.type == "number" and spread is not None:
        first, median, third = spread.quartiles
        return [
            ("Minimum", least),
            ("First quartile", amount(first, form)),
            ("Median", amount(median, form)),
            ("Mean", amount(spread.mean, form, 1)),
            ("Third quartile", amount(third, form)),
            ("Maximum", most),
            ("Standard deviation", amount(spread.deviation, form, 1)),
            *([] if is_averaged(profile.name, profile.kind) else [("Sum", amount(spread.total, form))]),
        ]
    if profile.type == "identifier":
        return [("Smallest", least), ("Largest", most)]
    return [("Shortest", least), ("Longest", most)] if profile.type == "text" else []


def _frequent(profile: Profile) -> tuple[tuple[tuple[str, str, float], ...], str]:
    """Give the most frequent values with their counts; none where each comes once."""
    # Of numbers and dates only what comes often is worth a line.
    least = 2 if profile.type not in ("number", "date") else max(2, profile.present // 50)
    most = [(value, count) for value, count in profile.frequent if count >= least][:_FREQUENT]
    notes = []
    if profile.distribution is not None and not profile.distribution.exact and profile.type == "number":
        notes.append("quartiles from an even sample")
    if not profile.counted_exactly:
        notes.append("distinct values estimated, within about 2 %")
    if most and not profile.counted_exactly:
        notes.append("frequent values counted at least this often")
    if not most and profile.type not in ("empty", "number", "date") and profile.present > 1:
        notes.append("hardly any value comes twice")
    parts = tuple((named(value, 34), f"{count:,}", count / most[0][1]) for value, count in most)
    note = "; ".join(notes)
    return parts, note[:1].upper() + note[1:] + "." if note else ""


def _rows(survey: Survey, found: Measurement) -> list[Section]:
    shown = max(20, min(len(survey.head), _MOST_CELLS // max(1, len(survey.names))))
    rows = [tuple(clipped(one_line(cell), _CELL) for cell in row) for row in survey.head[:shown]]
    aligns: list[Align] = ["right" if p.type == "number" else "left" for p in found.profiles]
    tables = grid(survey.names, aligns, rows)
    total = len(rows)
    title = f"All {counted(total, 'row')}" if total == survey.rows else f"The first {total:,} of {survey.rows:,} rows"
    if total == survey.rows == 1:
        title = "The only row"
    groups = len(tables.tables)
    if groups == 1:
        return [Section(title, tables.tables, tables.landscape)]
    blocks: list[Block] = []
    first = 1
    for table in tables.tables:
        last = first + len(table.columns) - 2
        blocks.append(Paragraph(f"Columns {first} to {last} of {len(survey.names)}", quiet=True))
        blocks.append(table)
        first = last + 1
    return [Section(title, tuple(blocks), tables.landscape)]


def _reading(survey: Survey, found: Measurement) -> tuple[str, ...]:
    source = survey.source
    assumed = " (assumed from the look of its letters)" if source.alphabet.assumed else ""
    items = [
        f"Encoding: {source.alphabet.name}{assumed}. Cells are separated by {_separator(survey)}.",
        "The first row was taken as headings." if survey.headed else "No headings were found; columns are numbered.",
        f"As missing count {MISSING_IN_WORDS}.",
    ]
    if not survey.dialect.quoted:
        items.append("Double quotes do not pair up in this file, so they were read as plain characters.")
    if survey.damaged:
        items.append(
            f"{counted(survey.damaged, 'line has', 'lines have')} bytes that are no {source.alphabet.name}; shown as �."
        )
    items.extend(_assumptions(found))
    if any(not profile.counted_exactly for profile in found.profiles):
        items.append("Where a column has very many different values, their number is an estimate (“about”).")
    if any(p.distribution and not p.distribution.exact for p in found.profiles if p.type == "number"):
        items.append("Quartiles and histograms of long columns come from an even sample; all else is exact.")
    return tuple(items)


def _separator(survey: Survey) -> str:
    return f"{survey.dialect.name}s" if len(survey.names) > 1 else "line ends only (one column)"


def _assumptions(found: Measurement) -> list[str]:
    comma = [column_name(p, 24) for p in found.profiles if p.kind.format and p.kind.format.comma]
    unclear = [p for p in found.profiles if p.kind.form and p.kind.form.ambiguous]
    items = []
    if comma:
        items.append(f"Numbers have a decimal comma in {', '.join(comma[:6])}{' …' if len(comma) > 6 else ''}.")
    for profile in unclear[:3]:
        order = profile.kind.form.name if profile.kind.form else ""
        sample = date_of(profile, profile.earliest)
        items.append(f"Dates in {column_name(profile, 24)} were read {order} (the earliest is {sample}).")
    return items
