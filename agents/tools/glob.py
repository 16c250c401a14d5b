"""Patterns for paths: `*` and `?` within a name, `[abc]` and `[!a-z]`, and `**` for any folders.

Written out rather than turned into a regular expression, so that no pattern takes longer than its length times that of
the path.
"""

from collections.abc import Sequence


def fits(pattern: str, path: str) -> bool:
    """Say whether a relative path fits; a pattern without a slash is about the name alone."""
    if "/" not in pattern:
        return _name_fits(pattern, path.rpartition("/")[2])
    return _parts_fit([part for part in pattern.split("/") if part], path.split("/"))


def _parts_fit(patterns: Sequence[str], parts: Sequence[str]) -> bool:
    """Keep, for each number of parts, whether the patterns so far take them all."""
    reached = [True] + [False] * len(parts)
    for pattern in patterns:
        if pattern == "**":
            first = reached.index(True) if True in reached else len(reached)
            reached = [position >= first for position in range(len(reached))]
        else:
            fitting = [before and _name_fits(pattern, part) for before, part in zip(reached, parts, strict=False)]
            reached = [False, *fitting]
    return reached[-1]


def _name_fits(pattern: str, name: str) -> bool:
    """Go through both from the left; after a mismatch the last `*` takes one character more."""
    at, seen, star, taken = 0, 0, -1, 0
    while seen < len(name):
        after = _one_fits(pattern, at, name[seen])
        if after:
            at, seen = after, seen + 1
        elif pattern[at : at + 1] == "*":
            star, taken, at = at, seen, at + 1
        elif star >= 0:
            taken += 1
            at, seen = star + 1, taken
        else:
            return False
    return not pattern[at:].strip("*")


def _one_fits(pattern: str, at: int, character: str) -> int:
    """Give the place after the piece of the pattern that takes this character, or 0."""
    piece = pattern[at : at + 1]
    if piece == "[":
        end = pattern.find("]", at + 2 + (pattern[at + 1 : at + 2] == "!"))
        if end > 0:
            return end + 1 if _in_set(pattern[at + 1 : end], character) else 0
    if piece == "*" or not piece:
        return 0
    return at + 1 if piece in ("?", character) else 0


def _in_set(written: str, character: str) -> bool:
    negated = written.startswith("!")
    members = written[1:] if negated else written
    found, at = False, 0
    while at < len(members):
        if members[at + 1 : at + 2] == "-" and at + 2 < len(members):
            found = found or members[at] <= character <= members[at + 2]
            at += 3
        else:
            found = found or members[at] == character
            at += 1
    return found != negated
