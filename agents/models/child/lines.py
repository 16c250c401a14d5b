"""A stream in whole lines, each written so that LiteLLM reads what was meant.

It reads lines by httpx, which also ends them at U+0085, U+2028 and U+2029 (`LineDecoder`), and takes a line that has
[DONE] anywhere for the last one (`BaseModelResponseIterator`): words and whole calls with these in them would be lost
without a trace. In JSON they can stand only within a string, where each has another way to be written (RFC 8259, 7).
Comments it takes for JSON of Gemini's.
"""

import re

_OTHERWISE = tuple((mark.encode(), f"\\u{ord(mark):04x}".encode()) for mark in "\u0085\u2028\u2029")
_COMMENT = re.compile(rb"^:[^\r\n]*(?:\r\n|\r|\n)?", re.MULTILINE)
_DONE = b"[DONE]"
_DONE_OTHERWISE = b"[\\u0044ONE]"


class Lines:
    """Holds what has come of a line until its end is there."""

    def __init__(self) -> None:
        """Hold nothing."""
        self._held: list[bytes] = []

    def add(self, piece: bytes) -> bytes:
        """Take a piece; gives the lines that are whole now, with their ends."""
        end = max(piece.rfind(b"\n"), piece.rfind(b"\r")) + 1
        if not end:
            self._held.append(piece)
            return b""
        whole = b"".join([*self._held, piece[:end]])
        self._held = [piece[end:]]
        return whole

    def rest(self) -> bytes:
        """Give a last line without an end."""
        rest, self._held = b"".join(self._held), []
        return rest


def rewritten(lines: bytes) -> bytes:
    """Write lines of JSON or of events otherwise, where LiteLLM would misread them."""
    lines = _COMMENT.sub(b"", lines)
    for mark, otherwise in _OTHERWISE:
        lines = lines.replace(mark, otherwise)
    if _DONE not in lines:
        return lines
    return b"".join(
        line if is_done(line) else line.replace(_DONE, _DONE_OTHERWISE) for line in lines.splitlines(keepends=True)
    )


def is_done(line: bytes) -> bool:
    """Say whether a line is the one by which OpenAI ends a stream."""
    return content_of(line) == _DONE


def content_of(line: bytes) -> bytes:
    """Give what a line holds: of an event's line of data the data."""
    return line.strip().removeprefix(b"data:").strip()
