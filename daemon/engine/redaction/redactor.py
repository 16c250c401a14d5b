"""Replaces secrets by `[secret:KIND:TAG]`. The tag is the same for the same secret, and says nothing about it."""

import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar, cast

from daemon.engine.redaction.blocks import blocks
from daemon.engine.redaction.commands import commands
from daemon.engine.redaction.headers import headers
from daemon.engine.redaction.keywords import names_secret, near_words
from daemon.engine.redaction.known import KnownSecrets
from daemon.engine.redaction.links import links
from daemon.engine.redaction.plausible import is_password, is_token
from daemon.engine.redaction.shapes import shaped
from daemon.engine.redaction.view import Span, View

T = TypeVar("T")
Finder = Callable[[View], Iterator[Span]]

_FINDERS: tuple[Finder, ...] = (blocks, shaped, links, headers, commands, near_words)
"""In the order of what they are sure of: of two that overlap, the first says what it is."""

_SHORTEST = 6
_MOST_PASSES = 8
_LONG = 64 * 1024
_NEAR = 4 * 1024
"""Characters of a long text beside a placeholder that are looked at again, and what is left of their lines."""


class Redactor:
    """Takes secrets out of texts and JSON values; a text without any comes back as it is. Redacting twice is once."""

    def __init__(self, secrets: Iterable[str] = (), key: bytes = b"") -> None:
        """Know these secrets; `key` is random bytes of this state folder, by which tags are made."""
        self._key = key
        self._kinds = {value: _kind_of(value) for value in secrets if len(value) >= _SHORTEST}
        self._known = KnownSecrets(self._kinds.items())

    def learn(self, other: "Redactor") -> None:
        """Know from now on also what another one knows; what was known before stays known."""
        if other._kinds.keys() - self._kinds.keys():
            self._kinds = self._kinds | other._kinds
            self._known = KnownSecrets(self._kinds.items())

    def text(self, text: str) -> str:
        """Give `text` with each secret replaced."""
        pieces = self._pass(text)
        if len(pieces) == 1:
            return text
        # What was replaced may have hidden something beside it; in a long text only what is near is looked at again.
        if len(text) <= _LONG:
            return self._settled("".join(pieces))
        return "".join(self._settled(piece) if again else piece for piece, again in _neighbourhoods(pieces))

    def _settled(self, text: str) -> str:
        """Look again until nothing more is found."""
        for _ in range(_MOST_PASSES):
            pieces = self._pass(text)
            if len(pieces) == 1:
                break
            text = "".join(pieces)
        return text

    def _pass(self, text: str) -> list[str]:
        """Give the pieces of a text: what stays as it is, and between each two of them a placeholder."""
        view = View(text)
        found = [(span, rank) for rank, finder in enumerate((self._known.spans, *_FINDERS)) for span in finder(view)]
        if not found:
            return [text]
        pieces = []
        done = 0
        for start, end, span in _merged(found):
            pieces += [text[done:start], self._placeholder(span.kind, span.value)]
            done = end
        return [*pieces, text[done:]]

    def value(self, value: T) -> T:
        """Give a JSON value with the secrets in its strings and keys replaced, and otherwise the same."""
        return cast(T, self._inner(value, None))

    def _inner(self, value: object, name: str | None) -> object:
        """Redact a value that stands under a name."""
        if isinstance(value, str):
            return self._named(name, value)
        if isinstance(value, Mapping):
            result: dict[object, object] = {}
            for key, item in value.items():
                new = self.text(key) if isinstance(key, str) else key
                while new in result:
                    new = f"{new}'"
                result[new] = self._inner(item, key if isinstance(key, str) else None)
            return result
        if isinstance(value, (list, tuple)):
            return type(value)(self._inner(item, name) for item in value)
        return value

    def _named(self, name: str | None, value: str) -> str:
        if name is not None:
            if name.lower() in ("cookie", "set-cookie", "authorization", "proxy-authorization"):
                whole = self.text(f"{name}: {value}")
                return whole[len(name) + 2 :] if whole.startswith(f"{name}: ") else self.text(value)
            password = names_secret(name)
            data = View(value).data
            if password is not None and len(data) <= 4096 and (is_password(data) if password else is_token(data)):
                shaped_kind = _kind_of(value)
                kind = shaped_kind if shaped_kind != "known" else "password" if password else "credential"
                return self.text(value) if b" " in data.strip() else self._placeholder(kind, value.encode())
        return self.text(value)

    def _placeholder(self, kind: str, value: bytes) -> str:
        return f"[secret:{kind}:{hmac.digest(self._key, value, 'sha256').hex()[:2]}]"


def _kind_of(value: str) -> str:
    """Say what kind a known secret is: that of its shape, if it has one."""
    view = View(value)
    spans = (span for finder in (blocks, shaped) for span in finder(view))
    return next((span.kind for span in spans if (span.start, span.end) == (0, len(value))), "known")


def _merged(found: list[tuple[Span, int]]) -> Iterator[tuple[int, int, Span]]:
    """Give each stretch of overlapping spans once, with the span that says what it is."""
    found.sort(key=lambda each: each[0].start)
    start, end, best, rank = found[0][0].start, found[0][0].end, *found[0]
    for span, its_rank in found[1:]:
        if span.start >= end:
            yield start, end, best
            start, end, best, rank = span.start, span.end, span, its_rank
            continue
        end = max(end, span.end)
        if (its_rank, span.start - span.end) < (rank, best.start - best.end):
            best, rank = span, its_rank
    yield start, end, best


def _neighbourhoods(pieces: list[str]) -> Iterator[tuple[str, bool]]:
    """Give a text in pieces again: what lies beside placeholders (True), and what is far from all of them (False)."""
    near = ""
    for number, piece in enumerate(pieces):
        if number % 2 or len(piece) <= 3 * _NEAR:
            near += piece
            continue
        head = _line_end(piece, _NEAR) if number else 0
        tail = _line_start(piece, len(piece) - _NEAR) if number < len(pieces) - 1 else len(piece)
        if tail <= head:
            near += piece
            continue
        yield near + piece[:head], True
        yield piece[head:tail], False
        near = piece[tail:]
    yield near, True


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at, at + _LONG)
    return at if found < 0 else found + 1


def _line_start(text: str, at: int) -> int:
    found = text.rfind("\n", max(0, at - _LONG), at)
    return at if found < 0 else found + 1
