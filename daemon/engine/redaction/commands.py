"""Passwords on the command lines of programs whose short options take them."""

import re
from collections.abc import Iterator

from daemon.engine.redaction.plausible import placeholder
from daemon.engine.redaction.view import Span, View

_VALUE = rb"(?:'([^'\n\x00]{1,200})'|\"([^\"\n\x00]{1,200})\"|([^\s'\"\x00|;&<>]{1,200}))"
_ARGUMENTS = rb"(?:[ \t]+(?:\\\r?\n[ \t]*)?(?!OPTION)[^\s|;&\x00]{1,200}){0,16}?[ \t]+(?:\\\r?\n[ \t]*)?"


def _option(mark: bytes, options: bytes, glued: bytes = rb"[ \t=]{1,4}") -> tuple[bytes, re.Pattern[bytes]]:
    """A program, the options that take a password, and what stands between an option and its value."""
    arguments = _ARGUMENTS.replace(b"OPTION", options + glued)
    return mark, re.compile(re.escape(mark) + rb"[a-z_]{0,12}" + arguments + options + glued + _VALUE)


_PROGRAMS = (
    _option(b"mysql", rb"-p", rb""),
    _option(b"mariadb", rb"-p", rb""),
    _option(b"sshpass", rb"-p", rb"[ \t]{0,2}"),
    _option(b"docker login", rb"-p"),
    _option(b"podman login", rb"-p"),
    _option(b"redis-cli", rb"-a"),
    _option(b"mongo", rb"-p"),
    _option(b"mosquitto_", rb"-P"),
    _option(b"ldap", rb"-w"),
    _option(b"sqlcmd", rb"-P"),
    _option(b"7z", rb"-p", rb""),
    _option(b"zip", rb"-P"),
    _option(b"smbclient", rb"(?:-U|--user)[ \t=]{1,2}[^\s%]{1,64}", rb"%"),
    _option(b"curl", rb"(?:-u|-U|--user|--proxy-user)[ \t=]{0,2}['\"]?[^\s:'\"]{1,100}:(?=[^/])", rb""),
    _option(b"wget", rb"--(?:http-|ftp-|proxy-)?password", rb"="),
)
_PASS = re.compile(rb"-pass(?:in|out)?[ \t]{1,4}[\"']?pass:([^\s\"'\x00]{1,200})")


def commands(view: View) -> Iterator[Span]:
    """Give the passwords of known command lines."""
    for mark, pattern in _PROGRAMS:
        at = view.data.find(mark)
        while at >= 0:
            found = pattern.match(view.data, at) if at == 0 or not view.data[at - 1 : at].isalnum() else None
            if found and found.lastindex and not placeholder(found[found.lastindex]):
                span = found.span(found.lastindex)
                yield Span(*span, "password", view.original(*span))
            at = view.data.find(mark, found.end() if found else at + len(mark))
    at = view.data.find(b"-pass")
    while at >= 0:
        found = _PASS.match(view.data, at)
        if found and not placeholder(found[1]):
            yield Span(*found.span(1), "password", view.original(*found.span(1)))
        at = view.data.find(b"-pass", at + 5)
