"""The digest as Markdown, in which nothing that a log says is markup."""

import re
from collections.abc import Iterable, Sequence

from bursts import Burst
from findings import reading
from level import LEVELS, TITLES
from pages import MOST, left_out, span_words, tables
from patterns import Pattern
from survey import Survey
from when import moment

from skills.report.quantity import counted, minute, share
from skills.report.visible import BREAK, clipped

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|~&<>:@$])")


def markdown(found: Survey, bursts: tuple[Burst, ...], standing_out: tuple[str, ...], created: int) -> str:
    """Give the digest as CommonMark with tables."""
    totals = f"{counted(found.lines, 'line')}{found.period_words()}. Prepared on {minute(created)}."
    parts = [f"# Log digest: {plain(found.source.name)}", plain(totals)]
    parts += ["## What stands out", _bullets(standing_out), "## Levels", _levels(found)]
    if bursts:
        rows = [
            (
                moment(one.start),
                moment(one.end),
                f"{one.errors:,}",
                clipped(one.leading.text, 240) if one.leading else "",
            )
            for one in bursts
        ]
        parts += ["## Bursts of errors", _table(("From", "Until", "Errors", "Mostly"), rows)]
    for title, patterns in tables(found):
        parts += [f"## {title}", _patterns(patterns)]
    parts += ["## How this was read", _bullets(reading(found))]
    return "\n\n".join(parts) + "\n"


def plain(text: str) -> str:
    """Give `text` so that Markdown shows it as it is."""
    return _MARKUP.sub(r"\\\1", text.replace(BREAK, "")).replace("\n", " ")


def _bullets(items: Iterable[str]) -> str:
    return "\n".join(f"- {plain(item)}" for item in items)


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    body = [[plain(cell) for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in [heading, ["---"] * len(heading), *body])


def _levels(found: Survey) -> str:
    counts = [(level, found.levels[level]) for level in LEVELS if found.levels[level]]
    rows = [(TITLES[level], f"{count:,}", share(count, found.entries)) for level, count in counts]
    return _table(("Level", "Entries", "Share"), rows)


def _patterns(patterns: list[Pattern]) -> str:
    rows = [(f"{one.count:,}", clipped(one.text, 240), *span_words(one), one.example) for one in patterns[:MOST]]
    table = _table(("Count", "Message", "First", "Last", "Example"), rows)
    rest = left_out(patterns)
    return f"{table}\n\n{plain(rest)}" if rest else table
