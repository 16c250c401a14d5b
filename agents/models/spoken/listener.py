"""Listens to an answer as it comes: what may be shown at once, and at the end what was said."""

import re
from collections.abc import Mapping
from typing import Any

from agents.models.spoken.reader import MARKS, read
from agents.models.spoken.reading import Reading
from agents.models.spoken.thinking import OPENING, closing_of

_FENCE = "```json"
"""What may be a call in a weak form, and then is the end of the answer."""
_ALL = (*OPENING, *MARKS, _FENCE)
_ANY = re.compile("|".join(sorted(map(re.escape, _ALL), key=len, reverse=True)))
_PREFIXES = frozenset(mark[:length] for mark in _ALL for length in range(1, len(mark)))
_LONGEST = max(map(len, _ALL))
_SUSPICIOUS = re.compile(r"\n[ \t]*(?:[A-Za-z_][\w.]*(?:\([^\n]*)?|[{\[`][^\n]*)?\Z")


class Listener:
    """Holds back what may become a call or a thought; only the end says what it was."""

    def __init__(self, tools: Mapping[str, Mapping[str, Any]]) -> None:
        """Listen for calls of these tools, JSON Schemas by name."""
        self._tools = tools
        self._pieces: list[str] = []
        self._waiting = "\n"
        self._shown_first = False
        self._thought = ""
        self._held = False

    def feed(self, piece: str) -> str:
        """Take a piece; gives the text that may be shown now."""
        self._pieces.append(piece)
        if self._held:
            return ""
        self._waiting += piece
        shown: list[str] = []
        while self._step(shown):
            pass
        text = "".join(shown)
        if text and not self._shown_first:
            self._shown_first = True
            text = text.removeprefix("\n")
        return text

    def end(self) -> Reading:
        """Give what was said in all."""
        return read("".join(self._pieces), self._tools)

    def _step(self, shown: list[str]) -> bool:
        """Let through what is safe; says whether there may be more."""
        if self._thought:
            before, closed, after = self._waiting.partition(self._thought)
            if not closed:
                self._waiting = before[-len(self._thought) :]
                return False
            self._waiting, self._thought = after, ""
            return True
        mark = _ANY.search(self._waiting)
        if mark is None:
            self._let_through(shown)
            return False
        shown.append(self._waiting[: mark.start()])
        if mark[0] not in OPENING:
            self._held = True
            return False
        self._waiting, self._thought = self._waiting[mark.end() :], closing_of(mark[0])
        return True

    def _let_through(self, shown: list[str]) -> None:
        keep = len(self._waiting)
        line = _SUSPICIOUS.search(self._waiting, max(0, self._waiting.rfind("\n")))
        if line is not None:
            keep = line.start()
        tail = max(0, len(self._waiting) - _LONGEST)
        for start in range(tail, keep):
            if self._waiting[start:] in _PREFIXES:
                keep = start
                break
        shown.append(self._waiting[:keep])
        self._waiting = self._waiting[keep:]
