"""Secrets that are known: found in whatever form they are written, in time that does not grow with their number."""

import base64
import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from html import escape
from urllib.parse import quote, quote_plus

from daemon.engine.redaction.view import Span, View

_GRAM = 4
_SHORTEST = 2 * _GRAM - 1
"""Bytes of a needle of which one whole aligned gram lies in the text wherever it stands."""

_BREAK = re.compile(rb"[\\=]?(?:\r?\n[ \t]*+)++|\\{1,2}(?:r\\{1,2})?n")
"""A line break as it is, or as JSON writes it, with what stands around it where a text is folded."""
_PADDING = re.compile(rb"[A-Za-z0-9+/_-]?={1,2}")
_LEAST_PART = 8


class KnownSecrets:
    """Finds the secrets that it is given, each with a kind."""

    def __init__(self, secrets: Iterable[tuple[str, str]]) -> None:
        """Find these values, each with its kind."""
        self._kinds = {value.encode("utf-8", "surrogatepass"): kind for value, kind in secrets}
        self._wide = [value for value in self._kinds if not value.isascii()]
        exact: dict[bytes, bytes] = {}
        folded: dict[bytes, bytes] = {}
        for value in self._kinds:
            exact |= {form: value for form in _forms(value) if form.isascii()}
            folded |= {form.lower(): value for form in _folded_forms(value)}
        self._exact = _Needles(exact)
        self._folded = _Needles({form: value for form, value in folded.items() if form not in exact})

    def spans(self, view: View) -> Iterator[Span]:
        """Give where they stand, also broken over lines as terminals do, and cut off at either end."""
        if not self._kinds:
            return
        yield from self._found(view.data, view.low)
        yield from self._cut_off(view.data)
        for value in self._wide:
            yield from self._wide_ones(view.text, value)
        if b"\n" in view.data or b"\\n" in view.data:
            yield from self._broken(view.data)

    def _found(self, data: bytes, low: bytes) -> Iterator[Span]:
        for start, end, value in (*self._exact.found(data), *self._folded.found(low)):
            padding = _PADDING.match(data, end)
            yield Span(start, padding.end() if padding else end, self._kinds[value], value)

    def _wide_ones(self, text: str, value: bytes) -> Iterator[Span]:
        plain = value.decode("utf-8", "surrogatepass")
        for form in {plain, plain[::-1], json.dumps(plain, ensure_ascii=False)[1:-1]}:
            at = text.find(form)
            while at >= 0:
                yield Span(at, at + len(form), self._kinds[value], value)
                at = text.find(form, at + len(form))

    def _cut_off(self, data: bytes) -> Iterator[Span]:
        """Find half a secret or more at the end of a text, where whoever clipped it cut through, or at its start."""
        for value, kind in self._kinds.items():
            least = max(_LEAST_PART, len(value) // 2)
            if len(value) <= least or value[:least].isalpha():
                continue
            tail = data[-len(value) :]
            at = tail.find(value[:least])
            if at >= 0 and value.startswith(tail[at:]):
                yield Span(len(data) - len(tail) + at, len(data), kind, value)
            head = data[: len(value)]
            at = head.rfind(value[-least:])
            if at >= 0 and value.endswith(head[: at + least]):
                yield Span(0, at + least, kind, value)

    def _broken(self, data: bytes) -> Iterator[Span]:
        """Find what is broken over lines: look at the text without its breaks."""
        whole = _BREAK.sub(b"", data)
        found = list(self._found(whole, whole.lower()))
        if not found:
            return
        starts, origins = [0], [0]
        for gap in _BREAK.finditer(data):
            starts.append(starts[-1] + gap.start() - origins[-1])
            origins.append(gap.end())
        for span in found:
            first, last = bisect_right(starts, span.start) - 1, bisect_right(starts, span.end - 1) - 1
            if first != last:
                start = origins[first] + span.start - starts[first]
                end = origins[last] + span.end - starts[last]
                yield Span(start, end, span.kind, span.value)


class _Needles:
    """Finds many byte strings at once: looks only at every fourth place for four bytes of one of them."""

    def __init__(self, forms: dict[bytes, bytes]) -> None:
        self._short = {form: value for form, value in forms.items() if len(form) < _SHORTEST}
        self._grams: dict[int, list[tuple[int, bytes, bytes]]] = {}
        for form, value in forms.items():
            for offset in range(_GRAM if len(form) >= _SHORTEST else 0):
                gram = memoryview(form[offset : offset + _GRAM]).cast("I")[0]
                self._grams.setdefault(gram, []).append((offset, form, value))

    def found(self, data: bytes) -> Iterator[tuple[int, int, bytes]]:
        for form, value in self._short.items():
            at = data.find(form)
            while at >= 0:
                yield at, at + len(form), value
                at = data.find(form, at + len(form))
        grams = self._grams
        places = memoryview(data[: len(data) // _GRAM * _GRAM]).cast("I")
        if grams.keys().isdisjoint(places):
            return
        for place in [place for place, gram in enumerate(places) if gram in grams]:
            for offset, form, value in grams[places[place]]:
                start = place * _GRAM - offset
                if start >= 0 and data.startswith(form, start):
                    yield start, start + len(form), value


def _forms(value: bytes) -> set[bytes]:
    """Give the forms in which letters count: as it is, reversed, quoted as JSON or HTML, base64 in any surroundings."""
    text = value.decode("utf-8", "surrogatepass")
    forms = {value, value[::-1], escape(text).encode("utf-8", "surrogatepass")}
    forms |= {
        json.dumps(text, ensure_ascii=ascii_only)[1:-1].encode("utf-8", "surrogatepass") for ascii_only in (True, False)
    }
    for before in range(3):
        whole = base64.b64encode(b"\x00" * before + value)
        inner = whole[-(-before * 8 // 6) : (before + len(value)) * 8 // 6]
        forms |= {inner, inner.replace(b"+", b"-").replace(b"/", b"_")}
    return {form for form in forms if len(form) >= 6}


def _folded_forms(value: bytes) -> set[bytes]:
    """Give the forms in which letters may be small or capital: hex, and URL-encoded."""
    hexadecimal = value.hex()
    pairs = [hexadecimal[i : i + 2] for i in range(0, len(hexadecimal), 2)]
    forms = {hexadecimal, hexadecimal[::-1], value[::-1].hex(), *(mark + mark.join(pairs) for mark in ("%", "\\x"))}
    forms |= {between.join(pairs) for between in (":", " ")}
    for encoded in (quote(value, safe=""), quote(value), quote_plus(value)):
        if "%" in encoded or "+" in encoded:
            forms.add(encoded)
    return {form.encode() for form in forms}
