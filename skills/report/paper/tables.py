"""How wide the columns of a table are."""

from collections.abc import Sequence

from skills.report.visible import columns_of

_MOST_ROWS = 400
_NARROWEST, _WIDEST = 3.0, 46.0
_SHORT, _PADDING = 14.0, 3.0
"""What is so short is not broken; and the letters that the space around a cell takes."""
_ALL = 84.0
"""Letters that a line has room for."""


def widths(rows: Sequence[Sequence[str]]) -> list[float]:
    """Give the share of each column in the whole width, or nothing where all fit as wide as they are."""
    count = max(map(len, rows))
    longest, longest_word = [_NARROWEST] * count, [_NARROWEST] * count
    for row in rows[:_MOST_ROWS]:
        for index, text in enumerate(row):
            longest[index] = max(longest[index], columns_of(text))
            longest_word[index] = max(longest_word[index], max(map(columns_of, text.split()), default=0.0))
    if sum(longest) + _PADDING * count <= _ALL:
        return []
    # A column is at least as wide as its longest word, as far as that goes, and the rest is shared by what is in it.
    least = [
        min(max(word, all_ if all_ <= _SHORT else 0.0), _WIDEST / 2) + _PADDING
        for word, all_ in zip(longest_word, longest, strict=True)
    ]
    more = [min(all_, _WIDEST * 2) - low for all_, low in zip(longest, least, strict=True)]
    room = max(0.0, _ALL - sum(least))
    total = sum(max(0.0, each) for each in more) or 1.0
    return [round(low + max(0.0, each) / total * room, 2) for low, each in zip(least, more, strict=True)]
