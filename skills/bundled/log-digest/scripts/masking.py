"""Messages with their changing parts masked, so that equal ones can be counted."""

import re

LONGEST = 300
_HEX = "[0-9a-fA-F]"
_VARIABLE = re.compile(
    rf"""
      (?P<id>\b{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}\b
        | \b(?=[A-Za-z_]*\d[A-Za-z_]*\d)\w{{16,}}\b)
    | (?P<time>\d{{4}}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{{1,9}})?)?(?:Z|[+-]\d\d:?\d\d)?)?
        | \b\d\d:\d\d:\d\d(?:[.,]\d{{1,9}})?\b)
    | (?P<mail>\b[\w.+-]{{1,64}}@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,8}}\b)
    | (?P<ip>\b\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?::\d{{1,5}})?\b
        | (?<![\w:]){_HEX}{{0,4}}(?::{_HEX}{{0,4}}){{3,7}}(?![\w:]))
    | (?P<text>"[^"]*" | (?<!\w)'[^']*'(?!\w) | “[^”]*”)
    | (?P<hex>\b0x{_HEX}+\b | \b(?=[a-f]*\d)[0-9a-f]{{8,}}\b)
    | (?P<n>(?<![A-Za-z0-9])[-+]?\d+(?:[.,]\d+)* | (?<!HTTP)(?<!\d)\d{{3,}})
    """,
    re.VERBOSE,
)
_SPACE = re.compile(r"\s+")


def masked(message: str) -> str:
    """Give a message with its numbers, addresses, identifiers, times and quoted texts named, and no more of it."""
    return _SPACE.sub(" ", _VARIABLE.sub(_name, message[:LONGEST])).strip()


def _name(found: re.Match[str]) -> str:
    return "“…”" if found.lastgroup == "text" else f"‹{found.lastgroup}›"
