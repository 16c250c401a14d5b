"""Words of a model that look like commands: apps make links of them, and a tap sends them as the owner's own."""

import re

from channels.telegram.text.formatted import Entity, Formatted, units

_COMMAND = re.compile(r"(?<![\w/.])/[A-Za-z0-9_]{1,64}(?:@\w+)?(?![\w/])")
_MOST = 90
"""Entities of a text; Telegram takes a hundred."""


def without_commands(text: Formatted) -> Formatted:
    """Set what looks like a command in fixed pitch, in which apps make no links of it."""
    found = [one for one in text.entities if one.type in ("code", "pre", "text_link")]
    added = []
    for match in _COMMAND.finditer(text.text):
        start, length = units(text.text[: match.start()]), units(match[0])
        if all(start + length <= one.offset or one.offset + one.length <= start for one in found):
            added.append(Entity("code", start, length))
    if not added or len(text.entities) + len(added) > _MOST:
        return text
    # Fixed pitch stands alone (Bot API, MessageEntity): what would be within it or around it is left out there.
    others = [one for one in text.entities if not any(_meet(one, new) for new in added) or one.type in _AROUND]
    return Formatted(text.text, tuple(sorted([*others, *added], key=lambda one: (one.offset, -one.length))))


_AROUND = ("blockquote", "expandable_blockquote")


def _meet(one: Entity, other: Entity) -> bool:
    return one.offset < other.offset + other.length and other.offset < one.offset + one.length
