"""Bodies of multipart/form-data (RFC 7578)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from tests.rigs.bot_server.refusal import Refused

_BOUNDARY = re.compile(r"boundary=(?:\"([^\"]+)\"|([^;\s]+))", re.IGNORECASE)
_PARAMETER = re.compile(r";\s*([\w*-]+)\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^;]*))")


@dataclass(frozen=True, slots=True)
class Part:
    """One field; `filename` is None where it is a value and not a file."""

    name: str
    filename: str | None
    media: str
    content: bytes


def parts(body: bytes, media: str) -> Iterator[Part]:
    """Give the parts of a body; raises Refused where it is not made as its type says."""
    found = _BOUNDARY.search(media)
    if found is None:
        raise Refused("boundary in multipart/form-data not found")
    # The first one has no line end before it.
    mark = b"--" + (found[1] or found[2]).encode("latin-1")
    at = body.find(mark)
    while at >= 0:
        start = at + len(mark)
        if body.startswith(b"--", start):
            return
        at = body.find(b"\r\n" + mark, start)
        if at < 0:
            raise Refused("end of a part of multipart/form-data not found")
        yield _part(body, start + 2, at)
        at += 2


def _part(body: bytes, start: int, end: int) -> Part:
    head_end = body.find(b"\r\n\r\n", start, end)
    lines = body[start:head_end].decode("utf-8", "replace").split("\r\n") if head_end >= 0 else []
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    given = {
        name.lower(): unquote(re.sub(r"\\(.)", r"\1", quoted) or token.strip())
        for name, quoted, token in _PARAMETER.findall(headers.get("content-disposition", ""))
    }
    if not given.get("name"):
        raise Refused("field name in multipart/form-data not found")
    media = headers.get("content-type", "")
    return Part(given["name"], given.get("filename"), media, body[head_end + 4 : end])
