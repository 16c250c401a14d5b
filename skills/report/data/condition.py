"""The little language of filters: `region = North and (total > 100 or note contains "late") and day >= 2026-03`.

It is read into SQL that names columns by their numbers; every value becomes a literal. Nothing of it is executed as it
was written.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from skills.report.data.engine import quoted
from skills.report.data.table import Column, Table
from skills.report.script import Unusable
from skills.report.visible import clipped, one_line

_LONGEST = 4000
_DEEPEST = 20
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<string>"(?:[^"\\]|\\.|"")*"|'(?:[^'\\]|\\.|'')*'|`[^`]*`|\[[^\]]*\])
    |(?P<sign><=|>=|==|!=|<>|=|<|>|\(|\)|,|~)
    |(?P<word>[^\s()<>=!,"'`\[\]~]+)
    )""",
    re.X | re.S,
)
_SIGNS = {"=": "=", "==": "=", "!=": "<>", "<>": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_WORDS = ("contains", "starts", "ends", "in", "is", "not", "~")
_DATE = re.compile(
    r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?)?)?",
)
_HINT = (
    "Write it as: column = value, joined by and, or, not, ( ); "
    "also != < <= > >= contains starts ends in (a, b), is missing."
)


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    kind: str
    at: int

    @property
    def word(self) -> str:
        """Give it in small letters where it may be a word of the language."""
        return self.text.lower() if self.kind == "word" else ""


def condition(text: str, table: Table) -> str:
    """Give the SQL of a filter over the columns of a table; raises Unusable."""
    if not text.strip():
        return "TRUE"
    if len(text) > _LONGEST:
        raise Unusable(f"The filter has more than {_LONGEST:,} characters.", "Make it shorter.")
    return _Reader(list(_tokens(text)), table).read()


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    stop = len(text.rstrip())
    while at < stop:
        found = _TOKEN.match(text, at)
        if found is None:
            raise Unusable(f"The filter cannot be read at “{clipped(one_line(text[at:]), 40)}”.", _HINT)
        kind = found.lastgroup or "word"
        value = found[kind]
        if kind == "string":
            mark, inner = value[0], value[1:-1]
            value = inner if mark in "`[" else re.sub(r"\\(.)", r"\1", inner.replace(mark * 2, mark), flags=re.S)
        yield _Token(value, kind, at)
        at = found.end()


class _Reader:
    """Recursive descent: alternatives of conjunctions of comparisons."""

    def __init__(self, tokens: list[_Token], table: Table) -> None:
        self._tokens = tokens
        self._table = table
        self._at = 0

    def read(self) -> str:
        sql = self._either(0)
        if self._at < len(self._tokens):
            raise self._wrong("and or or")
        return sql

    def _either(self, depth: int) -> str:
        if depth > _DEEPEST:
            raise Unusable("The filter is nested too deeply.", "Make it flatter.")
        parts = [self._both(depth)]
        while self._takes("or", "||"):
            parts.append(self._both(depth))
        return f"({' OR '.join(parts)})"

    def _both(self, depth: int) -> str:
        parts = [self._one(depth)]
        while self._takes("and", "&&", "&"):
            parts.append(self._one(depth))
        return f"({' AND '.join(parts)})"

    def _one(self, depth: int) -> str:
        if depth > _DEEPEST:
            raise Unusable("The filter is nested too deeply.", "Make it flatter.")
        if self._takes("not", "!"):
            return f"(NOT coalesce({self._one(depth + 1)}, FALSE))"
        if self._sign("("):
            inner = self._either(depth + 1)
            if not self._sign(")"):
                raise self._wrong(")")
            return inner
        return self._comparison()

    def _comparison(self) -> str:
        column = self._column()
        if self._takes("is"):
            turned = self._takes("not")
            if not self._takes("missing", "null", "empty"):
                raise self._wrong("missing")
            return f"({column.shown} IS {'NOT ' if turned else ''}NULL)"
        turned = self._takes("not")
        sql = self._related(column)
        return f"(NOT coalesce({sql}, FALSE))" if turned else sql

    def _related(self, column: Column) -> str:
        if self._takes("in"):
            return f"({' OR '.join(_compared(column, '=', value) for value in self._list())})"
        for word, make in _TEXTS.items():
            if self._takes(word) or (word == "contains" and self._sign("~")):
                self._takes("with")
                return make(column.shown, quoted(self._value()))
        token = self._next("= or another comparison")
        if token.kind != "sign" or token.text not in _SIGNS:
            self._at -= 1
            raise self._wrong("= or another comparison")
        return _compared(column, _SIGNS[token.text], self._value())

    def _column(self) -> Column:
        """Take as many words as make the name of a column: names may have spaces."""
        first = self._next("a column")
        if first.kind == "sign":
            self._at -= 1
            raise self._wrong("a column")
        if first.kind == "word":
            names = {column.name.casefold() for column in self._table.columns}
            words, at = [first.text], self._at
            best = (first.text, at) if first.text.casefold() in names else None
            while at < len(self._tokens) and self._tokens[at].kind == "word" and len(words) < 12:
                words.append(self._tokens[at].text)
                at += 1
                if " ".join(words).casefold() in names:
                    best = (" ".join(words), at)
            if best is not None:
                self._at = best[1]
                return self._table.column(best[0])
        return self._table.column(first.text)

    def _list(self) -> list[str]:
        if not self._sign("("):
            raise self._wrong("(")
        values = [self._value()]
        while self._sign(","):
            values.append(self._value())
        if not self._sign(")"):
            raise self._wrong(", or )")
        return values

    def _value(self) -> str:
        """Take a value; one without quotes goes up to the next and, or, bracket or comma."""
        token = self._next("a value")
        if token.kind == "sign":
            self._at -= 1
            raise self._wrong("a value")
        words = [token.text]
        while token.kind == "word" and self._at < len(self._tokens):
            following = self._tokens[self._at]
            if following.kind != "word" or following.word in ("and", "or", "||", "&&", "&"):
                break
            words.append(following.text)
            self._at += 1
        return " ".join(words)

    def _takes(self, *words: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at].word in words:
            self._at += 1
            return True
        return False

    def _sign(self, sign: str) -> bool:
        there = self._at < len(self._tokens) and self._tokens[self._at]
        if there and there.kind == "sign" and there.text == sign:
            self._at += 1
            return True
        return False

    def _next(self, wanted: str) -> _Token:
        if self._at >= len(self._tokens):
            raise self._wrong(wanted)
        self._at += 1
        return self._tokens[self._at - 1]

    def _wrong(self, wanted: str) -> Unusable:
        there = self._tokens[self._at].text if self._at < len(self._tokens) else "its end"
        return Unusable(f"The filter needs {wanted} before “{clipped(one_line(there), 40)}”.", _HINT)


_TEXTS: dict[str, Callable[[str, str], str]] = {
    "contains": lambda cell, text: f"contains(lower({cell}), lower({text}))",
    "starts": lambda cell, text: f"starts_with(lower({cell}), lower({text}))",
    "ends": lambda cell, text: f"ends_with(lower({cell}), lower({text}))",
}


def _compared(column: Column, sign: str, value: str) -> str:
    if column.kind == "number":
        return _number(column, sign, value)
    if column.kind == "date":
        return _moment(column, sign, value)
    return f"({column.value} {sign} {quoted(value)})"


def _number(column: Column, sign: str, value: str) -> str:
    try:
        number = float(value.replace(",", "") if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", value) else value)
        written = repr(number) if abs(number) < 1e308 else ""
    except ValueError:
        written = ""
    if written:
        return f"({column.value} {sign} CAST({quoted(written)} AS DOUBLE))"
    if sign in ("=", "<>"):
        return f"({column.shown} {sign} {quoted(value)})"
    raise Unusable(
        f"{column.name} holds numbers, and “{clipped(one_line(value), 40)}” is none.",
        "Write numbers as 1234.5; a text of several words needs quotes.",
    )


def _moment(column: Column, sign: str, value: str) -> str:
    """Compare with a year, month, day or time as a whole: `= 2026-03` is all of March, `> 2026-03` what comes after."""
    span = _span(value)
    if span is None:
        if sign in ("=", "<>"):
            return f"({column.shown} {sign} {quoted(value)})"
        raise Unusable(
            f"{column.name} holds dates, and “{clipped(one_line(value), 40)}” is none.",
            "Write dates as 2026-03-14, 2026-03 or 2026, with a time as 2026-03-14 09:30.",
        )
    low, high = (f"CAST({quoted(moment.isoformat(' '))} AS TIMESTAMP)" for moment in span)
    within = f"({column.value} >= {low} AND {column.value} < {high})"
    return {
        "=": within,
        "<>": f"(NOT {within})",
        "<": f"({column.value} < {low})",
        "<=": f"({column.value} < {high})",
        ">": f"({column.value} >= {high})",
        ">=": f"({column.value} >= {low})",
    }[sign]


def _span(value: str) -> tuple[datetime, datetime] | None:
    found = _DATE.fullmatch(value.strip())
    if found is None:
        return None
    given = [int(part) for part in found.groups() if part is not None]
    try:
        low = datetime(*[*given, *(1, 1, 1)[len(given) : 3]])  # type: ignore[arg-type]
        if len(given) == 1:
            return low, low.replace(year=low.year + 1)
        if len(given) == 2:
            return low, (low + timedelta(days=31)).replace(day=1)
        length = {3: timedelta(days=1), 5: timedelta(minutes=1), 6: timedelta(seconds=1)}[len(given)]
        return low, low + length
    except (ValueError, OverflowError):
        return None
