"""Passwords and tokens in addresses: `scheme://user:password@host` (RFC 3986, userinfo), and signatures in queries."""

import re
from collections.abc import Iterator

from daemon.engine.redaction.plausible import is_token, placeholder
from daemon.engine.redaction.view import Span, View

_MARK = b"://"
_PAIR = re.compile(rb"://([^\s/?#:@\"'`<>\\\x00]{0,128}):([^\s/\"'`<>\\\x00]{1,256})@(?=[A-Za-z0-9\[])")
_ALONE = re.compile(rb"://([^\s/?#:@\"'`<>\\\x00]{16,256}):?@(?=[A-Za-z0-9\[])")
_SIGNED = re.compile(rb"[?&](?:amp;)?sig=([A-Za-z0-9%+/=_-]{40,100})")
_STAND_INS = frozenset(b"user username login me x pass password pwd passwd secret token".split())


def links(view: View) -> Iterator[Span]:
    """Give what stands in addresses where a password or token stands."""
    data = view.data
    at = data.find(_MARK)
    while at >= 0:
        place = _userinfo(data, at)
        if place is not None:
            yield Span(*place, "url-password", view.original(*place))
        at = data.find(_MARK, at + 3)
    at = data.find(b"sig=")
    while at >= 0:
        found = _SIGNED.match(data, at - 1) or _SIGNED.match(data, max(0, at - 5))
        if found and is_token(found[1]):
            yield Span(*found.span(1), "url-signature", view.original(*found.span(1)))
        at = data.find(b"sig=", at + 4)


def _userinfo(data: bytes, at: int) -> tuple[int, int] | None:
    found = _PAIR.match(data, at)
    if found is None:
        found = _ALONE.match(data, at)
        return found.span(1) if found and is_token(found[1]) else None
    user, password = found[1].lower(), found[2].lower()
    if b"://" in found[2]:
        return None
    if len(user) >= 20 and is_token(found[1]):
        return found.span(1)
    return None if placeholder(found[2]) or password in _STAND_INS else found.span(2)
