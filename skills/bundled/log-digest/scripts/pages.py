"""The pages of a log digest."""

from collections.abc import Iterator, Sequence

from bursts import Burst
from findings import new_patterns, reading
from level import BAD, LEVELS, TITLES, Level
from patterns import Pattern
from survey import Survey
from timeline import Bars
from when import moment, tick, width_words

from skills.report.blocks import Block, Bullets, Charts, Column, Document, Paragraph, Section, Table
from skills.report.charts import Chart, Histogram, Tick, axis, bar_chart
from skills.report.quantity import counted, day, minute, share
from skills.report.visible import breakable, clipped

MOST = 25
_BARS, _RUN, _TICKS = 96, 34, 6


def document(found: Survey, bursts: tuple[Burst, ...], standing_out: tuple[str, ...], created: int) -> Document:
    """Compose the digest."""
    sections = [Section("What stands out", (Bullets(standing_out),)), Section("Levels and time", (_charts(found),))]
    if bursts:
        sections.append(Section("Bursts of errors", (burst_table(bursts),)))
    for title, patterns in tables(found):
        sections.append(Section(title, tuple(_patterns(patterns))))
    sections.append(Section("How this was read", (Bullets(reading(found)),)))
    return Document(
        label="Log digest",
        title=breakable(clipped(found.source.name, 120), 30),
        subtitle=f"Prepared on {minute(created)}",
        figures=(
            (f"{found.lines:,}", "line" if found.lines == 1 else "lines"),
            (f"{found.bad:,}", "error" if found.bad == 1 else "errors"),
            (f"{found.levels['warning']:,}", "warning" if found.levels["warning"] == 1 else "warnings"),
            (f"{found.patterns.kinds():,}", "kinds of messages"),
        ),
        sections=tuple(sections),
        footer=f"Log digest · {day(created)}",
        created=created,
    )


def tables(found: Survey) -> Iterator[tuple[str, list[Pattern]]]:
    """Give the tables of messages: a title, and all messages of it, the most frequent first."""
    rest: tuple[Level, ...] = tuple(level for level in LEVELS if level not in BAD and level != "warning")
    for title, patterns in (
        ("Errors", found.patterns.most(BAD)),
        ("Errors that are new at the end", new_patterns(found)),
        ("Warnings", found.patterns.most(("warning",))),
        ("Other messages", found.patterns.most(rest)),
    ):
        if patterns:
            yield title, patterns


def span_words(pattern: Pattern) -> tuple[str, str]:
    """Give the first and the last time of a message."""
    return tuple(moment(when) if when is not None else "–" for when in (pattern.first, pattern.last))  # type: ignore[return-value]


def left_out(patterns: Sequence[Pattern]) -> str:
    """Say what a table does not show, or nothing."""
    rest = patterns[MOST:]
    if not rest:
        return ""
    return f"{counted(len(rest), 'more kind')}, {counted(sum(one.count for one in rest), 'entry', 'entries')}."


def _charts(found: Survey) -> Charts:
    charts: list[Chart] = []
    bars = found.timeline.bars(_BARS)
    if bars is not None and len(bars.bars) > 1:
        charts.append(_over_time("All entries", bars, [bar.lines for bar in bars.bars]))
        if found.bad:
            charts.append(_over_time("Errors", bars, [bar.errors for bar in bars.bars]))
        if found.levels["warning"]:
            charts.append(_over_time("Warnings", bars, [bar.warnings for bar in bars.bars]))
    counts = [(TITLES[level], found.levels[level]) for level in LEVELS if found.levels[level]]
    levels = [(title, f"{count:,} · {share(count, found.entries)}", float(count)) for title, count in counts]
    return Charts((*charts, bar_chart("Levels", "Entries by level", levels, wide=True)))


def _over_time(title: str, bars: Bars, counts: Sequence[int]) -> Histogram:
    up = axis(0, max(counts))
    every = -(-len(counts) // _TICKS)
    across = tuple(
        Tick(place / len(counts), tick(bars.start + place * bars.width, bars.span))
        for place in range(0, len(counts), every)
    )
    whole = tuple(one for one in up.ticks if one.label.replace(",", "").isdigit() or " " in one.label)
    heights = tuple(up.at(count) for count in counts)
    return Histogram(title, f"In each {width_words(bars.width)}", heights, across, whole, wide=True)


def burst_table(bursts: Sequence[Burst]) -> Table:
    """Give the bursts as a table."""
    columns = (Column("From", "left", 96), Column("Until", "left", 96), Column("Errors", "right", 44), Column("Mostly"))
    rows = tuple(
        (moment(one.start), moment(one.end), f"{one.errors:,}", _message(one.leading.text if one.leading else "–"))
        for one in bursts
    )
    return Table(columns, rows)


def _patterns(patterns: list[Pattern]) -> Iterator[Block]:
    columns = (
        Column("Count", "right", 44),
        Column("Message"),
        Column("First", "left", 96),
        Column("Last", "left", 96),
    )
    shown = patterns[:MOST]
    yield Table(columns, tuple((f"{one.count:,}", _message(one.text), *span_words(one)) for one in shown))
    if left_out(patterns):
        yield Paragraph(left_out(patterns), quiet=True)


def _message(text: str) -> str:
    return breakable(clipped(text, 240), _RUN)
