"""A passage of a text that is to be replaced: where it stands, what stands nearest, and the difference it makes."""

from difflib import SequenceMatcher, unified_diff

_MOST_LINES = 5000
_MOST_CHARACTERS = 200
_LIKE = 0.5


def places(text: str, passage: str) -> list[int]:
    """Give the numbers of the lines (from 1) where the passage begins, at most a thousand."""
    found: list[int] = []
    at, line, before = text.find(passage), 1, 0
    while at >= 0 and len(found) < 1000:
        line += text.count("\n", before, at)
        found.append(line)
        before, at = at, text.find(passage, at + len(passage))
    return found


def nearest(text: str, passage: str) -> str:
    """Give the line that is most like the first line of the passage, with its number; empty where none is."""
    wanted = next((line.strip() for line in passage.splitlines() if line.strip()), "")[:_MOST_CHARACTERS]
    best, found = _LIKE, ""
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    for number, line in enumerate(text.splitlines()[:_MOST_LINES], 1):
        matcher.set_seq1(line.strip()[:_MOST_CHARACTERS])
        if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best and matcher.ratio() > best:
            best, found = matcher.ratio(), f"line {number} is {line[:_MOST_CHARACTERS]!r}"
    return found


def difference(before: str, after: str, name: str, most: int) -> str:
    """Give a unified diff, clipped to `most` characters; only what lies between equal ends is compared."""
    old, new = before.splitlines(), after.splitlines()
    shortest = min(len(old), len(new))
    head = next((at for at in range(shortest) if old[at] != new[at]), shortest)
    rest = shortest - head
    tail = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    first = max(0, head - 3)
    old, new = old[first : len(old) - max(0, tail - 3)], new[first : len(new) - max(0, tail - 3)]
    if len(old) + len(new) > _MOST_LINES:
        return f"Lines {first + 1} to {first + len(old)} of {name} became {len(new)} lines."
    lines = list(unified_diff(old, new, name, name, lineterm=""))
    shown = "\n".join(_moved(line, first) if line.startswith("@@") else line for line in lines)
    return shown if len(shown) <= most else f"{shown[:most]}\n… ({len(shown) - most:,} more characters)"


def _moved(header: str, lines: int) -> str:
    """Count the lines of a hunk from the beginning of the file."""
    _, old, new, _ = header.split(" ", 3)
    return f"@@ {_later(old, lines)} {_later(new, lines)} @@"


def _later(place: str, lines: int) -> str:
    number, comma, count = place[1:].partition(",")
    return f"{place[0]}{int(number) + lines}{comma}{count}"
