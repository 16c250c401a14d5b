"""What a column of texts holds, decided from its first cells: numbers and dates as people write them, or texts.

What Python's readers recognise (`amount`, `moment`) becomes an expression of SQL, which must read the same cells.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from skills.report.data.amount import CURRENCY, GAPS, SHAPE, Format, number_format, uses_comma
from skills.report.data.engine import Engine, quoted
from skills.report.data.missing import MISSING
from skills.report.data.moment import Form, date_form
from skills.report.data.table import Column, Kind

SAMPLE_ROWS = 2000
_SAMPLE_CELLS = 200_000
_LEAST = 0.8
_PROBES = 200
_EXACT = 2**53  # beyond it a float does not know its neighbours: such numbers are names

_TIMES = ("", " %H:%M", " %H:%M:%S", "T%H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
_DAYS = {
    "day first": ("%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%y", "%d/%m/%y", "%d-%m-%y"),
    "month first": ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%m/%d/%y", "%m-%d-%y", "%m.%d.%y"),
    "named month": ("%d %b %Y", "%d %B %Y", "%d. %B %Y", "%d-%b-%Y", "%d-%b-%y", "%d-%B-%Y"),
    "month named first": ("%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%b %d %Y"),
    "east asian": ("%Y年%m月%d日", "%Y年%m月", "%Y년 %m월 %d일"),
    "month": ("%Y-%m",),
    "name and year": ("%b %Y", "%B %Y", "%b-%Y", "%b-%y"),
    "digits": ("%Y%m%d",),
}


@dataclass(frozen=True, slots=True)
class _Reading:
    """A way to read a column: SQL with `{c}` for the text."""

    kind: Kind
    value: str


TEXT = _Reading("text", "nullif({c}, '')")


def columns_of(names: Sequence[str], rows: Sequence[Sequence[str]], semicolons: bool, engine: Engine) -> list[Column]:
    """Give a column for each name, from the first rows; the file as a whole decides what one cell leaves open.

    `semicolons`: the cells are separated by them, as where the decimal sign is a comma.
    """
    taken = rows[: max(20, _SAMPLE_CELLS // max(1, len(names)))]
    cells = [_present(row[index] for row in taken if index < len(row)) for index in range(len(names))]
    hints = [hint for column in cells if (hint := uses_comma(column)) is not None]
    comma = hints.count(True) > hints.count(False) or (not hints and semicolons)
    day_first = comma or semicolons or _some_day_first(cells)
    return [
        _column(f"c{index}", name, _reading(name, column, comma, day_first, engine))
        for index, (name, column) in enumerate(zip(names, cells, strict=True))
    ]


def typed_column(index: int, name: str, type_: str) -> Column:
    """Give the column of a file that says what its columns hold, by the name that DuckDB has for the type."""
    plain = f"c{index}"
    shown = f"CAST({plain} AS VARCHAR)"
    if type_.startswith(("DECIMAL", "DOUBLE", "FLOAT")) or type_.endswith(("INT", "INTEGER")):
        return Column(name, "number", shown, finite(f"CAST({plain} AS DOUBLE)"))
    if type_.startswith(("TIMESTAMP", "DATE")):
        return Column(name, "date", shown, finite(f"TRY_CAST({plain} AS TIMESTAMP)"))
    return Column(name, "text", shown, shown)


def finite(value: str) -> str:
    """Leave out what is no number and no day: not-a-number and infinities."""
    return f"CASE WHEN isfinite({value}) THEN {value} END"


def _column(cell: str, name: str, reading: _Reading) -> Column:
    return Column(name, reading.kind, f"nullif({cell}, '')", reading.value.replace("{c}", cell))


def _present(cells: Iterator[str]) -> list[str]:
    return [text for cell in cells if (text := cell.strip()) not in MISSING]


def _some_day_first(columns: list[list[str]]) -> bool:
    forms = (date_form(cells[:_PROBES], "", True) for cells in columns)
    return any(form is not None and form.name == "day first" and not form.ambiguous for form in forms)


def _reading(name: str, cells: list[str], comma: bool, day_first: bool, engine: Engine) -> _Reading:
    if not cells:
        return TEXT
    form = date_form(cells, name, day_first)
    if form is not None and form.name != "year":
        reading = _date(form, cells, engine)
    else:
        written = number_format(cells, comma)
        if written is None or _names_things(written, cells):
            return TEXT
        reading = _number(written, cells)
    return reading if reading is not None and _reads(reading, cells, engine) >= _LEAST else TEXT


def _names_things(written: Format, cells: list[str]) -> bool:
    return any(abs(value) > _EXACT for cell in cells if (value := written.parse(cell)) is not None)


def _number(written: Format, cells: list[str]) -> _Reading:
    if not written.comma and all(_plain(cell) for cell in cells):
        return _Reading("number", finite("TRY_CAST({c} AS DOUBLE)"))
    kept = f"regexp_replace({{c}}, {quoted(f'{CURRENCY}|[%‰{GAPS}]')}, '', 'g')"
    body = f"replace(replace({kept}, '.', ''), ',', '.')" if written.comma else f"replace({kept}, ',', '')"
    value = f"TRY_CAST(regexp_replace({body}, '^[-+−(]+|[-−)]+$', '', 'g') AS DOUBLE)"
    # A minus may stand before it or after it, or brackets around.
    sign = "CASE WHEN regexp_matches(trim({c}), '^[^0-9]*[-−(]|[-−]$') THEN -1 ELSE 1 END"
    return _Reading("number", f"CASE WHEN regexp_full_match(trim({{c}}), {quoted(SHAPE)}) THEN {sign} * {value} END")


def _plain(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell


def _date(form: Form, cells: list[str], engine: Engine) -> _Reading | None:
    if form.name == "year first":
        return _Reading("date", finite("TRY_CAST({c} AS TIMESTAMP)"))
    written = [f"{day}{time}" for day in _DAYS.get(form.name, ()) for time in (_TIMES if form.timed else ("",))]
    probes = ", ".join(f"({quoted(cell)})" for cell in cells[:_PROBES])
    counts = ", ".join(f"count(try_strptime(trim(v), {quoted(each)}))" for each in written)
    if not written:
        return None
    (found,) = engine.values(f"SELECT {counts} FROM (VALUES {probes}) AS probes(v)")
    used = [quoted(each) for each, count in zip(written, found, strict=True) if count]
    return _Reading("date", f"try_strptime(trim({{c}}), [{', '.join(used)}])") if used else None


def _reads(reading: _Reading, cells: list[str], engine: Engine) -> float:
    probes = ", ".join(f"({quoted(cell)})" for cell in cells[:_PROBES])
    value = reading.value.replace("{c}", "v")
    ((read, all_),) = engine.values(f"SELECT count({value}), count(*) FROM (VALUES {probes}) AS probes(v)")
    return float(read) / float(all_)
