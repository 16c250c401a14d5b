"""What stands out in the data, as sentences."""

from collections.abc import Iterator

import numpy as np
from column import Profile
from groups import Series
from kinds import Kind
from measurement import Measurement
from survey import Survey
from tally import shown
from wording import amount, as_column, column_name, date_of, distinct_of, quoted, sentence

from skills.report.data.missing import MISSING
from skills.report.quantity import counted, share

_MOST = 10
_MOST_CORRELATED = 12
_MORE_THAN_EVEN = 1.2


def findings(survey: Survey, found: Measurement, series: Series | None) -> tuple[str, ...]:
    """Give what stands out, what matters most first."""
    sentences: list[str] = []
    for part in (
        _period(found),
        _ragged(survey),
        _largest_groups(found),
        _course(found, series),
        _dominant(found),
        _related(survey, found),
        _far_out(found),
        _odd(found),
        _incomplete(found, survey.usual),
        _repeated(found),
        _same(found),
    ):
        sentences.extend(part)
    if not survey.rows:
        return ("The file has headings but no rows below them.",)
    return tuple(map(sentence, sentences[:_MOST])) or ("Nothing unusual: the columns are complete and evenly filled.",)


def _period(found: Measurement) -> Iterator[str]:
    for profile in found.profiles:
        if profile.type == "date" and profile.earliest is not None and profile.latest is not None:
            if profile.earliest == profile.latest:
                yield f"All rows have the same date in {as_column(profile)}: {date_of(profile, profile.earliest)}."
            else:
                days = int((profile.latest - profile.earliest) // 86400) + 1
                span = f"{date_of(profile, profile.earliest)} to {date_of(profile, profile.latest)}"
                length = "" if profile.kind.form and profile.kind.form.name == "year" else f", {counted(days, 'day')}"
                yield f"{as_column(profile)} runs from {span}{length}."
            return


def _largest_groups(found: Measurement) -> Iterator[str]:
    for group in found.by_group[:2]:
        totals = group.totals(MISSING)
        profile, category = found.profiles[group.measure], found.profiles[group.category]
        if len(totals) < 2:
            continue
        if found.averaged(group.measure):
            means = sorted(((total / count, name) for name, total, count in totals), reverse=True)
            form = profile.kind.format
            yield (
                f"The mean {column_name(profile)} is highest for {quoted(shown(means[0][1]))} "
                f"({amount(means[0][0], form, 1)}) and lowest for {quoted(shown(means[-1][1]))} "
                f"({amount(means[-1][0], form, 1)}) among {counted(len(totals), 'value')} of {column_name(category)}."
            )
        elif all(total >= 0 for _, total, _ in totals) and (whole := sum(total for _, total, _ in totals)) > 0:
            name, total, _ = totals[0]
            if total < _MORE_THAN_EVEN * whole / len(totals):
                continue
            yield (
                f"{quoted(shown(name))} has the largest total of {column_name(profile)} by {column_name(category)}: "
                f"{amount(total, profile.kind.format)}, {share(total, whole)} of {amount(whole, profile.kind.format)}."
            )


def _course(found: Measurement, series: Series | None) -> Iterator[str]:
    if series is None or found.by_day is None or len(series.labels) < 4:
        return
    for measure, values in list(zip(found.by_day.measures, series.totals, strict=True))[:2]:
        known = [(value, label) for value, label in zip(values, series.labels, strict=True) if np.isfinite(value)]
        profile = found.profiles[measure]
        half = len(known) // 2
        early = float(np.mean([value for value, _ in known[:half]])) if half else 0.0
        late = float(np.mean([value for value, _ in known[-half:]])) if half else 0.0
        peak = max(known)
        text = f"{column_name(profile)} was highest in {peak[1]} ({amount(peak[0], profile.kind.format)})"
        if series.step == "day":
            text = text.replace(f"in {peak[1]}", f"on {peak[1]}")
        elif series.step == "week":
            text = text.replace(f"in {peak[1]}", f"in the week of {peak[1]}")
        if early > 0 and late > 0 and abs(late / early - 1) >= 0.02:
            way = "above" if late > early else "below"
            text += f"; the second half of the period is {share(abs(late - early), early)} {way} the first"
        yield f"{text}."


def _dominant(found: Measurement) -> Iterator[str]:
    grouped = {group.category for group in found.by_group[:2]}
    for index, profile in enumerate(found.profiles):
        if profile.type in ("category", "boolean") and profile.frequent and index not in grouped:
            value, count = profile.frequent[0]
            if profile.distinct > 1 and count > max(0.4, 1.5 / profile.distinct) * profile.present:
                yield f"{share(count, profile.present)} of the values of {column_name(profile)} are {quoted(value)}."


def _related(survey: Survey, found: Measurement) -> Iterator[str]:
    chosen = [
        index for index, profile in enumerate(found.profiles) if profile.type == "number" and profile.distinct > 5
    ][:_MOST_CORRELATED]
    if len(chosen) < 2 or len(survey.sample) < 10:
        return
    table = np.array([_numbers(survey, index, found.profiles[index].kind) for index in chosen])
    pairs = []
    for first in range(len(chosen)):
        for second in range(first + 1, len(chosen)):
            both = np.isfinite(table[first]) & np.isfinite(table[second])
            if both.sum() >= 10 and (value := _correlation(table[first][both], table[second][both])) is not None:
                pairs.append((abs(value), value, chosen[first], chosen[second]))
    for size, value, first, second in sorted(pairs, reverse=True)[:2]:
        if size >= 0.7:
            way = "rise together" if value > 0 else "move in opposite directions"
            names = f"{column_name(found.profiles[first])} and {column_name(found.profiles[second])}"
            yield (
                f"{names} {way} (correlation {value:.2f}).".replace("-", "−")
                if value < 0
                else (f"{names} {way} (correlation {value:.2f}).")
            )


def _numbers(survey: Survey, index: int, kind: Kind) -> list[float]:
    if kind.format is None:
        return []
    read = (kind.format.parse(row[index].strip()) for row in survey.sample)
    return [np.nan if value is None else value for value in read]


def _correlation(first: np.ndarray, second: np.ndarray) -> float | None:
    with np.errstate(all="ignore"):
        value = float(np.corrcoef(first, second)[0, 1])
    return value if np.isfinite(value) else None


def _far_out(found: Measurement) -> Iterator[str]:
    for profile in found.profiles:
        spread = profile.distribution
        if profile.type != "number" or spread is None:
            continue
        if spread.beyond:
            drawn = "" if spread.exact else " of a sample"
            yield (
                f"{counted(spread.beyond, 'value')}{drawn} of {column_name(profile)} "
                f"{'lies' if spread.beyond == 1 else 'lie'} far from the rest "
                f"(range {amount(spread.low, profile.kind.format)} to {amount(spread.high, profile.kind.format)}, "
                f"median {amount(spread.quartiles[1], profile.kind.format)})."
            )
        if spread.infinite:
            yield f"{counted(spread.infinite, 'value')} of {column_name(profile)} are infinite and were left out."
        if profile.kind.format is not None and profile.kind.format.units > 1:
            units = profile.kind.format.units
            yield f"{column_name(profile)} mixes units: {units} of them; numbers were not converted."


def _odd(found: Measurement) -> Iterator[str]:
    for profile in found.profiles:
        if profile.odd:
            examples = ", ".join(quoted(text, 24) for text in profile.odd_examples[:2])
            kind = "numbers" if profile.kind.name == "number" else "dates"
            one = profile.odd == 1
            yield (
                f"{counted(profile.odd, 'value')} of {column_name(profile)} {'is' if one else 'are'} no "
                f"{kind[:-1] if one else kind}{' as' if one else ', such as'} {examples}."
            ).replace(" as “", ": “" if one else " as “", 1)


def _incomplete(found: Measurement, usual: int) -> Iterator[str]:
    named_columns = found.profiles[:usual]
    gaps = [profile for profile in named_columns if profile.present > 0 and profile.missing > 0.02 * profile.rows]
    gaps.sort(key=lambda profile: -profile.missing)
    for profile in gaps[:3]:
        yield f"{column_name(profile)} is missing in {share(profile.missing, profile.rows)} of the rows."
    if len(gaps) > 3:
        yield f"{counted(len(gaps) - 3, 'more column has', 'more columns have')} gaps in over 2 % of the rows."
    empty = [profile for profile in named_columns if not profile.present]
    if empty:
        names = ", ".join(column_name(profile, 24) for profile in empty[:4])
        yield f"{counted(len(empty), 'column')} without any value: {names}{' …' if len(empty) > 4 else ''}."


def _repeated(found: Measurement) -> Iterator[str]:
    if found.repeats_known and found.repeated:
        copies = counted(found.repeated, "row is an exact copy", "rows are exact copies")
        yield f"{copies} of an earlier one."


def _ragged(survey: Survey) -> Iterator[str]:
    columns = counted(survey.usual, "column")
    if survey.short:
        yield f"{counted(survey.short, 'row has', 'rows have')} fewer cells than the {columns}; they were kept."
    if survey.long:
        kept = "they were kept"
        if survey.cut:
            kept += f"; what lies beyond column {len(survey.names)} is left out"
        yield f"{counted(survey.long, 'row has', 'rows have')} more cells than the {columns}; {kept}."


def _same(found: Measurement) -> Iterator[str]:
    for profile in found.profiles:
        if profile.distinct == 1 and profile.present > 1 and profile.frequent:
            yield f"{column_name(profile)} has the same value everywhere: {quoted(profile.frequent[0][0])}."
        elif profile.type == "text" and profile.present > 20 and profile.distinct >= profile.present:
            yield f"{column_name(profile)} is different in every row ({distinct_of(profile)} values)."


def unit_of(profile: Profile) -> str:
    """Give a column's name with its unit, as the title of a chart."""
    form = profile.kind.format
    return f"{column_name(profile)} ({form.unit})" if form and form.unit else column_name(profile)
