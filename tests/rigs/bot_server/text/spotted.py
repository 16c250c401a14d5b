"""What Telegram finds in a text by itself: commands, names, tags, addresses."""

import re

from tests.rigs.bot_server.text.units import units
from tests.rigs.bot_server.text.writing import Entity

_TOPS = "com|org|net|io|dev|de|ru|app|me|ai|co|uk|eu|fr|info|edu|gov"
_PATTERNS = {
    "url": re.compile(
        rf"(?<![\w@.])(?:(?:https?|tg|ton)://[^\s<>\"]+|(?:[\w-]+\.)+(?:{_TOPS})\b(?:[/?#][^\s<>\"]*)?)", re.IGNORECASE
    ),
    "email": re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "bot_command": re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])"),
    "mention": re.compile(r"(?<![\w])@[A-Za-z0-9_]{3,32}\b"),
    "hashtag": re.compile(r"(?<![\w])#(?=\w*[^\W\d_])\w{1,256}"),
    "cashtag": re.compile(r"(?<![\w$])\$[A-Z]{1,8}\b"),
}


def spotted(text: str) -> list[Entity]:
    """Give what is found, from left to right; what lies over something found before is left out."""
    found: list[tuple[int, int, str]] = []
    for kind, pattern in _PATTERNS.items():
        for match in pattern.finditer(text):
            end = match.start() + len(match[0].rstrip(".,;:!?'\")]}") if kind == "url" else match[0])
            if all(end <= other[0] or match.start() >= other[1] for other in found):
                found.append((match.start(), end, kind))
    return [
        {"type": kind, "offset": units(text[:start]), "length": units(text[start:end])}
        for start, end, kind in sorted(found)
    ]
