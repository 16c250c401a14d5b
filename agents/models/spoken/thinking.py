"""What a model thinks before it answers is neither shown nor acted upon."""

import re

OPENING = ("<think>", "<thinking>", "<reasoning>", "<|START_THINKING|>", "[THINK]", "<seed:think>")
_CLOSING = {
    "<think>": "</think>",
    "<thinking>": "</thinking>",
    "<reasoning>": "</reasoning>",
    "<|START_THINKING|>": "<|END_THINKING|>",
    "[THINK]": "[/THINK]",
    "<seed:think>": "</seed:think>",
}
_MARKS = re.compile("|".join(map(re.escape, OPENING)))


def closing_of(opening: str) -> str:
    """Give the mark with which such a thought ends."""
    return _CLOSING[opening]


def without_thoughts(text: str) -> str:
    """Give an answer without its thoughts: closed ones, one that is never closed, and one that was begun for it.

    A template that writes the opening mark itself leaves only the closing one: then all before it was thought.
    """
    for opening, closing in _CLOSING.items():
        end = text.find(closing)
        if end >= 0 and opening not in text[:end]:
            text = text[end + len(closing) :]
    parts, at = list[str](), 0
    while mark := _MARKS.search(text, at):
        parts.append(text[at : mark.start()])
        end = text.find(_CLOSING[mark[0]], mark.end())
        if end < 0:
            return "".join(parts)
        at = end + len(_CLOSING[mark[0]])
    return "".join([*parts, text[at:]])
