"""Credentials in HTTP headers and cookies (RFC 9110, RFC 6265), and in `.netrc` lines."""

import base64
import binascii
import re
from collections.abc import Iterator

from daemon.engine.redaction.plausible import is_password, is_token, placeholder
from daemon.engine.redaction.view import Span, View

_Q = rb"(?:\\?[\"'])?"
_AUTHORIZATION = re.compile(
    rb"authorization"
    + _Q
    + rb"\]?[ \t]{0,8}(?:[:=,]|=>)[ \t]{0,8}"
    + _Q
    + rb"(?:[a-z][a-z0-9-]{1,20}[ \t]{1,4})?([^\s\"'\\,;\x00]{8,}+)"
)
_BEARER = re.compile(rb"bearer(?:[ \t]{1,4}|%20|\+)([A-Za-z0-9_.~+/-]{16,}+={0,2})", re.IGNORECASE)
_BASIC = re.compile(rb"basic[ \t]{1,4}([A-Za-z0-9+/_-]{8,}+={0,2})", re.IGNORECASE)
_DIGEST = re.compile(rb"response=\"([0-9a-f]{32,64})\"")
_COOKIE = re.compile(
    rb"(?:set-)?cookie" + _Q + rb"[ \t]{0,8}[:=,][ \t]{0,8}" + _Q + rb"([^\r\n\"'\x00\\][^\r\n\"'\\]{3,4096})",
    re.IGNORECASE,
)
_CRUMB = re.compile(rb"([A-Za-z0-9!#$%&*+.^_|~-]{1,64})=([^;,\s\x00]{8,})")
_NOT_CRUMBS = frozenset(b"expires path domain max-age samesite secure httponly lang locale theme tz timezone".split())
_JAR = re.compile(rb"\t(?:TRUE|FALSE)\t/[^\t\n]*+\t(?:TRUE|FALSE)\t\d+\t[^\t\n]++\t([^\s\x00]{8,})")
_NETRC = re.compile(
    rb"(?:machine\s{1,8}(?:[a-z0-9_-]+\.[a-z0-9_.-]+|localhost)|default)\s{1,8}login\s{1,8}\S{1,100}\s{1,8}"
    rb"(?:account\s{1,8}\S{1,100}\s{1,8})?password\s{1,8}([^\s\x00]+)"
)


def headers(view: View) -> Iterator[Span]:
    """Give what stands in headers, cookie jars and netrc lines where a credential stands."""
    for start, end, kind in (*_authorizations(view), *_cookies(view), *_netrc(view)):
        yield Span(start, end, kind, view.original(start, end))


def _authorizations(view: View) -> Iterator[tuple[int, int, str]]:
    for found in _each(view.low, b"authorization", _AUTHORIZATION):
        value = view.data[found.start(1) : found.end(1)]
        if is_token(value):
            yield *found.span(1), "authorization"
    for found in _each(view.low, b"bearer", _BEARER, view.data):
        if is_token(found[1]):
            yield *found.span(1), "authorization"
    for found in _each(view.low, b"basic", _BASIC, view.data):
        if _names_user(found[1]):
            yield *found.span(1), "authorization"
    for found in _each(view.data, b"response=", _DIGEST):
        yield *found.span(1), "authorization"


def _cookies(view: View) -> Iterator[tuple[int, int, str]]:
    done = 0
    for found in _each(view.low, b"cookie", _COOKIE, view.data, back=4):
        if found.start(1) < done:
            continue
        done = found.end(1)
        for crumb in _CRUMB.finditer(view.data, *found.span(1)):
            if crumb[1].lower() not in _NOT_CRUMBS and is_token(crumb[2]):
                yield *crumb.span(2), "cookie"
    for mark in (b"\tTRUE\t/", b"\tFALSE\t/"):
        for found in _each(view.data, mark, _JAR):
            if is_token(found[1]):
                yield *found.span(1), "cookie"


def _netrc(view: View) -> Iterator[tuple[int, int, str]]:
    for mark in (b"machine", b"default"):
        for found in _each(view.low, mark, _NETRC):
            if not placeholder(view.data[found.start(1) : found.end(1)]):
                yield *found.span(1), "netrc-password"


def _each(
    where: bytes, mark: bytes, pattern: re.Pattern[bytes], data: bytes | None = None, back: int = 0
) -> Iterator[re.Match[bytes]]:
    """Give the matches of a pattern at each mark; `back` bytes may stand before the mark."""
    looked_at = where if data is None else data
    at = where.find(mark)
    while at >= 0:
        found = pattern.match(looked_at, max(0, at - back)) if back else None
        found = found or pattern.match(looked_at, at)
        if found:
            yield found
        at = where.find(mark, at + len(mark))


def _names_user(value: bytes) -> bool:
    """Say whether this is base64 of `user:password` (RFC 7617)."""
    try:
        plain = base64.b64decode(
            value.rstrip(b"=") + b"=" * (-len(value.rstrip(b"=")) % 4), altchars=b"-_", validate=True
        )
    except (binascii.Error, ValueError):
        return False
    user, colon, password = plain.partition(b":")
    return bool(colon and user) and (is_password(password) or (plain.isascii() and not placeholder(password)))
