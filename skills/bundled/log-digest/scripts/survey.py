"""One pass over a log: entries put together from lines, counted by level, time and message."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from entry import Entry, Reader
from level import BAD, Level
from masking import masked
from patterns import Patterns
from source import Source
from timeline import Timeline
from when import moment

from skills.report.script import Unusable
from skills.report.visible import clipped, visible

_EXAMPLE = 400
_FORMS = {"text": "plain lines", "access": "the access log of a web server", "json": "JSON lines"}
# The last line of a traceback, or the line of a cause: what went wrong, in short.
_CAUSE = re.compile(
    r"(?:Caused by: )?(?:[A-Za-z_$][\w$]*\.)*[A-Z]\w*(?:Error|Exception|Warning|Exit|Interrupt|Fault)\b(?:: .*)?"
)


@dataclass(slots=True)
class Survey:
    """What a log says; `lines` counts lines, the others entries (a line and what belongs to it)."""

    source: Source
    lines: int = 0
    entries: int = 0
    joined: int = 0
    timed: int = 0
    guessed: int = 0
    backwards: int = 0
    levels: Counter[Level] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)
    zones: set[str] = field(default_factory=set)
    patterns: Patterns = field(default_factory=Patterns)
    timeline: Timeline = field(default_factory=Timeline)
    first: float | None = None
    last: float | None = None

    @property
    def bad(self) -> int:
        """Give how many entries are errors or worse."""
        return sum(self.levels[level] for level in BAD)

    @property
    def form(self) -> str:
        """Say what kind of log it is."""
        return _FORMS[max(sorted(self.forms), key=self.forms.__getitem__)]

    def period_words(self) -> str:
        """Give ", from … to …", or nothing where no line has a time."""
        if self.first is None or self.last is None:
            return ""
        if self.first == self.last:
            return f", all at {moment(self.first)}"
        return f", from {moment(self.first)} to {moment(self.last)}"

    def count(self, entry: Entry) -> None:
        """Count an entry."""
        when = entry.stamp.when if entry.stamp else None
        self.entries += 1
        self.levels[entry.level] += 1
        self.forms[entry.form] += 1
        self.guessed += entry.guessed
        example = clipped(visible(entry.message), _EXAMPLE)
        self.patterns.add(entry.level, visible(masked(entry.message)) or "(nothing)", example, when)
        if entry.stamp is not None and when is not None:
            self.timed += 1
            self.backwards += self.last is not None and when < self.last - 1
            if len(self.zones) < 100:
                self.zones.add(entry.stamp.zone)
            self.first = when if self.first is None else min(self.first, when)
            self.last = when if self.last is None else max(self.last, when)
            self.timeline.add(when, entry.level in BAD, entry.level == "warning")


def survey(source: Source, now: int, report: Callable[[float], None]) -> Survey:
    """Read the whole log; raises Unusable where there is no line in it."""
    found = Survey(source)
    for entry in entries(source, now, report, found):
        found.count(entry)
    if not found.entries:
        raise Unusable(f"There is no text in “{source.name}”.", "Attach a log file with at least one line.")
    return found


def entries(source: Source, now: int, report: Callable[[float], None], tally: Survey | None = None) -> Iterator[Entry]:
    """Give the entries of a log; `tally` counts the lines, and those that were joined to the one before."""
    reader = Reader(now)
    open_entry: Entry | None = None
    told = 0.0
    lines = joined = 0
    for line, part in source.lines():
        if part >= told + 0.02:
            told = part
            report(part)
        lines += 1
        if not line or line.isspace():
            continue
        entry = reader.read(line)
        if open_entry is not None and _belongs(line, entry, open_entry):
            joined += 1
            open_entry = _with_cause(open_entry, line)
            continue
        if open_entry is not None:
            yield open_entry
        open_entry = entry
    if open_entry is not None:
        yield open_entry
    if tally is not None:
        tally.lines, tally.joined = lines, joined


def _belongs(line: str, entry: Entry, before: Entry) -> bool:
    """Tell whether a line goes on with the entry before it: it has no time, and that one had, or it is indented."""
    if entry.stamp is not None or entry.form != "text":
        return False
    return before.stamp is not None or line[0] in " \t" or line.startswith(("Caused by:", "Traceback "))


def _with_cause(entry: Entry, line: str) -> Entry:
    """Take what went wrong into the message, and no more of it; the last cause counts."""
    found = _CAUSE.fullmatch(line[:_EXAMPLE])
    if found is None:
        return entry
    said = entry.message.partition(" ⟵ ")[0]
    level: Level = "error" if entry.level == "none" or entry.guessed else entry.level
    return replace(entry, message=f"{said[:150]} ⟵ {found[0][:140]}", level=level)
