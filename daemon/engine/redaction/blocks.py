"""Private keys of several lines: PEM (RFC 7468), OpenSSH, PGP, PuTTY; whole, or cut off at the end."""

import re
from collections.abc import Iterator

from daemon.engine.redaction.view import Span, View

_BEGIN = b"-----BEGIN "
_HEADER = re.compile(rb"-----BEGIN ([A-Z0-9 ]{0,40})PRIVATE KEY(?: BLOCK)?-----")
_FOOTER = re.compile(rb"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_LONGEST = 32 * 1024
_LEAST = 40
"""Bytes between the first and the last line; less is an example."""
# Between lines of a cut-off key: a break, also an escaped one, with the marks of lists, quoting and diffs.
_BETWEEN = rb"(?:\\r|\\n|[\s>+|#*-])*+"
_ATTRIBUTE = rb"(?:[A-Za-z-]{1,40}: [^\n\\]{1,100}(?:\\n|\s)++)*+"
_LINES = re.compile(_BETWEEN + _ATTRIBUTE + rb"(?:" + _BETWEEN + rb"[A-Za-z0-9+/]{16,}+=*)++")

_PUTTY = re.compile(rb"Private-Lines: \d+\s+((?:[A-Za-z0-9+/=]+\s*)+)(?:Private-MAC: [0-9a-f]+)?")


def blocks(view: View) -> Iterator[Span]:
    """Give private keys with their first and last lines."""
    data = view.data
    at = data.find(_BEGIN)
    while at >= 0:
        header = _HEADER.match(data, at)
        end = at + len(_BEGIN)
        if header:
            end = _end(data, header.end())
            if end > header.end():
                kind = {b"OPENSSH ": "ssh-key", b"PGP ": "pgp-key"}.get(header[1], "private-key")
                yield Span(at, end, kind, view.original(at, end))
        at = data.find(_BEGIN, end)
    at = data.find(b"Private-Lines: ")
    while at >= 0:
        found = _PUTTY.match(data, at)
        if found:
            yield Span(found.start(1), found.end(), "ssh-key", view.original(found.start(1), found.end()))
        at = data.find(b"Private-Lines: ", at + 1)


def _end(data: bytes, start: int) -> int:
    """Give where a key ends that begins at `start`, or `start` where nothing of a key follows."""
    following = data.find(_BEGIN, start, start + _LONGEST)
    footer = _FOOTER.search(data, start, start + _LONGEST if following < 0 else following)
    if footer and footer.start() - start > _LEAST:
        return footer.end()
    lines = _LINES.match(data, start)
    return lines.end() if lines else start
