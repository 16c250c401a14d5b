"""What stands out in a log, as sentences; and how it was read."""

from collections.abc import Iterator

from bursts import Burst
from level import BAD
from patterns import Pattern
from source import LONGEST_LINE
from survey import Survey
from when import moment

from skills.report.quantity import counted, share
from skills.report.visible import breakable, clipped

_LATE = 0.9  # what first came in the last tenth of the time is new
_RUN = 40


def findings(found: Survey, bursts: tuple[Burst, ...]) -> tuple[str, ...]:
    """Give what stands out, what matters most first."""
    return (*_errors(found), *_bursts(bursts), *_new(found), *_warnings(found), *_masses(found))


def said(text: str, width: int = 110) -> str:
    """Give a message in quotation marks for a sentence."""
    return f"“{breakable(clipped(text, width), _RUN)}”"


def new_patterns(found: Survey) -> list[Pattern]:
    """Give the errors that came for the first time in the last tenth of the time, the most frequent first."""
    if found.first is None or found.last is None or found.last - found.first < 60:
        return []
    since = found.first + _LATE * (found.last - found.first)
    return [one for one in found.patterns.most(BAD) if one.first is not None and one.first >= since]


def _errors(found: Survey) -> Iterator[str]:
    if not found.bad:
        yield "There are no errors in this log."
        return
    fatal = found.levels["fatal"]
    more = f", {fatal:,} of them fatal," if fatal else ""
    part = share(found.bad, found.entries)
    yield f"{counted(found.bad, 'error')}{more} in {counted(found.entries, 'entry', 'entries')} ({part})."
    one = found.patterns.most(BAD)[:1]
    if one:
        count = one[0].count
        times = "once" if count == 1 else f"{count:,} times ({share(count, found.bad)} of the errors)"
        yield f"The most frequent error came {times}: {said(one[0].text)}."


def _bursts(bursts: tuple[Burst, ...]) -> Iterator[str]:
    if bursts:
        worst = max(bursts, key=lambda burst: (burst.errors, -burst.start))
        number = "A burst of errors" if len(bursts) == 1 else f"{counted(len(bursts), 'burst')} of errors; the largest"
        yield f"{number}: {worst.errors:,} from {moment(worst.start)} on."


def _new(found: Survey) -> Iterator[str]:
    fresh = new_patterns(found)
    if fresh:
        kinds = counted(len(fresh), "kind of error", "kinds of errors")
        yield f"{kinds} came only towards the end, since {moment(fresh[0].first or 0)}: {said(fresh[0].text)}."


def _warnings(found: Survey) -> Iterator[str]:
    warnings = found.levels["warning"]
    if warnings:
        yield f"{counted(warnings, 'warning')} ({share(warnings, found.entries)} of the entries)."


def _masses(found: Survey) -> Iterator[str]:
    most = found.patterns.most()[:1]
    if most and most[0].count > 0.5 * found.entries and found.entries >= 20:
        yield f"One message makes up {share(most[0].count, found.entries)} of the log: {said(most[0].text)}."


def reading(found: Survey) -> tuple[str, ...]:
    """Say how the log was read, and what that leaves open."""
    source = found.source
    packed = ", packed by gzip" if source.packed else ""
    items = [f"It was read as {found.form}{packed}; an entry is a line and the lines that belong to it."]
    if found.joined:
        items.append(f"{counted(found.joined, 'line')} without a time of their own belong to the entry before.")
    untimed = found.entries - found.timed
    if not found.timed:
        items.append("No line has a time that was understood, so nothing is said about when.")
    else:
        items.append("Times are as they stand in the log; the zones beside them are not applied.")
        if untimed:
            items.append(f"{counted(untimed, 'entry has', 'entries have')} no time and count for levels only.")
        zones = sorted(zone for zone in found.zones if zone)
        if len(zones) > 1:
            items.append(f"The times are of several zones: {', '.join(zones[:6])}.")
        if found.backwards:
            items.append(f"The times go backwards at {counted(found.backwards, 'place')}.")
    if found.guessed:
        names = counted(found.guessed, "entry names", "entries name")
        items.append(f"{names} no level; words such as “failed” or “timeout” decided.")
    items.append("What changes between equal messages is masked: ‹n› number, ‹ip› address, ‹id› and ‹hex› identifiers.")
    if found.patterns.lost:
        items.append(f"There are very many kinds of messages; {found.patterns.lost:,} rare ones were let go.")
    return (*items, *_cuts(found))


def _cuts(found: Survey) -> Iterator[str]:
    source = found.source
    if source.clipped:
        yield f"{counted(source.clipped, 'line')} of more than {LONGEST_LINE:,} characters were cut."
    if source.skipped:
        yield f"Only the last {share(source.bytes - source.skipped, source.bytes)} of the file were read."
    if source.stopped:
        yield "The file is larger than what is read; the rest of it was left out."
    if source.broken:
        yield "The archive is damaged; what could be unpacked of it was read."
