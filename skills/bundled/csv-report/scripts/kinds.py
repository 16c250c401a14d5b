"""What a column holds, decided from the sample of rows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from survey import Survey

from skills.report.data.amount import Format, number_format, uses_comma
from skills.report.data.missing import MISSING
from skills.report.data.moment import Form, date_form

Name = Literal["number", "date", "boolean", "text", "empty"]
_PAIRS = tuple(
    frozenset(pair.split())
    for pair in (
        "true false",
        "yes no",
        "y n",
        "t f",
        "0 1",
        "ja nein",
        "j n",
        "oui non",
        "si no",
        "sí no",
        "wahr falsch",
        "vrai faux",
        "on off",
        "да нет",
        "是 否",
        "はい いいえ",
    )
)
_IDENTIFIER = re.compile(
    r"(^|[\W_])(id|nr|no|num|number|index|key|code|uuid|guid|sku|zip|plz|phone|tel)([\W_]|$)|#|\wId$|ID$|^row", re.I
)
_MOST_GROUPS = 40
_LEAST_GROUPED = 6


@dataclass(frozen=True, slots=True)
class Kind:
    """What a column holds and how it is written.

    `identifier`: numbers that name things, so that a mean of them says nothing. `grouping`: few enough different
    values that totals by them are worth showing.
    """

    name: Name
    format: Format | None = None
    form: Form | None = None
    identifier: bool = False
    grouping: bool = False


def kinds_of(survey: Survey) -> tuple[Kind, ...]:
    """Decide for every column what it holds; the file as a whole decides what is ambiguous in one column."""
    columns = [_present(cells) for cells in zip(*survey.sample, strict=True)] or [[] for _ in survey.names]
    hints = [hint for cells in columns if (hint := uses_comma(cells)) is not None]
    comma = hints.count(True) > hints.count(False) or (not hints and survey.dialect.delimiter == ";")
    day_first = comma or survey.dialect.delimiter == ";" or _some_day_first(columns)
    return tuple(_kind(name, cells, comma, day_first) for name, cells in zip(survey.names, columns, strict=True))


def _present(cells: Sequence[str]) -> list[str]:
    return [text for cell in cells if (text := cell.strip()) not in MISSING]


def _some_day_first(columns: list[list[str]]) -> bool:
    forms = (date_form(cells, "", True) for cells in columns)
    return any(form is not None and form.name == "day first" and not form.ambiguous for form in forms)


def _kind(name: str, cells: list[str], comma: bool, day_first: bool) -> Kind:
    if not cells:
        return Kind("empty")
    distinct = len(set(cells))
    grouping = 1 < distinct <= min(_MOST_GROUPS, len(cells) // 2) and len(cells) >= _LEAST_GROUPED
    if frozenset(cell.lower() for cell in cells) in _PAIRS:
        return Kind("boolean", grouping=grouping)
    if form := date_form(cells, name, day_first):
        return Kind("date", form=form)
    if numbers := number_format(cells, comma):
        return Kind("number", format=numbers, identifier=_identifies(name, cells, numbers, distinct))
    return Kind("text", grouping=grouping)


def _identifies(name: str, cells: list[str], numbers: Format, distinct: int) -> bool:
    if numbers.decimals or numbers.unit or distinct < len(cells) or len(cells) < 3:
        return False
    values = [value for cell in cells if (value := numbers.parse(cell)) is not None]
    counts_up = all(after - before == 1 for before, after in pairwise(values))
    return counts_up or bool(_IDENTIFIER.search(name))
