"""Containers with no more in them than one reads: laying out a million items takes minutes."""

from itertools import islice
from typing import Any

_MOST_ITEMS = 100
_MOST_LETTERS = 1_000
_DEEPEST = 6


class Word:
    """Stands for what is left out; its representation is its text."""

    def __init__(self, text: str) -> None:
        """Be shown as `text`."""
        self._text = text

    def __repr__(self) -> str:
        """Give the text without quotes."""
        return self._text


def trimmed(value: Any, depth: int = 0) -> Any:
    """Give a copy of a built-in container with at most so many items on each level, and with short strings.

    Anything else is given as it is. What contains itself ends at the deepest level.
    """
    kind = type(value)
    if kind in (str, bytes) and len(value) > _MOST_LETTERS:
        return Word(f"{value[:_MOST_LETTERS]!r}… {len(value) - _MOST_LETTERS:,} more")
    if kind not in (list, tuple, set, frozenset, dict) or not value:
        return value
    if depth == _DEEPEST:
        return Word("…")
    more = len(value) - _MOST_ITEMS
    if kind is dict:
        items = {key: trimmed(item, depth + 1) for key, item in islice(value.items(), _MOST_ITEMS)}
        return items | ({Word(f"… {more:,} more"): Word("…")} if more > 0 else {})
    first = [trimmed(item, depth + 1) for item in islice(value, _MOST_ITEMS)]
    return kind(first + ([Word(f"… {more:,} more")] if more > 0 else []))
