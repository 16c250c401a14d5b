"""What a text must be so that Telegram takes it and changes nothing; written without a look at how it is made so."""

import re
from itertools import pairwise
from urllib.parse import urlsplit

from channels.telegram.text.formatted import Entity, Formatted

TAKEN_OUT = re.compile("[\0-\x09\x0b-\x1f\u2028-\u202e\u030a\u0333\u033f\ud800-\udfff]")
QUOTES = {"blockquote", "expandable_blockquote"}
STYLES = {"bold", "italic", "strikethrough"}
KNOWN = QUOTES | STYLES | {"code", "pre", "text_link"}


def faults(message: Formatted, most: int | None = None) -> list[str]:
    """Give all that is wrong with a text; `most` are the units that it may have."""
    if TAKEN_OUT.search(message.text):
        return ["a character that Telegram takes out"]
    wide = message.text.encode("utf-16-le")
    found = [] if message.text == message.text.strip(" \n") else ["blanks at an end of the text"]
    if most is not None and len(wide) // 2 > most:
        found.append("too long")
    if len(message.entities) > 100 and len(wide) // 2 <= 4096:
        found.append("too many entities")
    for one in message.entities:
        found += [f"{one}: {fault}" for fault in _faults(one, wide)]
    return found + _order(message) + _nesting(message)


def _faults(one: Entity, wide: bytes) -> list[str]:
    if one.offset < 0 or one.length <= 0 or (one.offset + one.length) * 2 > len(wide):
        return ["out of the text"]
    try:
        text = wide[one.offset * 2 : (one.offset + one.length) * 2].decode("utf-16-le")
    except UnicodeDecodeError:
        return ["cuts a surrogate pair"]
    found = [] if text == text.strip(" \n") else ["blanks at an end"]
    if one.type not in KNOWN:
        found.append("unknown")
    if (one.url is not None) != (one.type == "text_link") or (one.language is not None and one.type != "pre"):
        found.append("has what it must not have, or lacks what it must")
    if one.url is not None and (
        urlsplit(one.url).scheme not in ("http", "https", "tg") or not urlsplit(one.url).netloc
    ):
        found.append("leads nowhere")
    return found


def _order(message: Formatted) -> list[str]:
    places = [(one.offset, -one.length) for one in message.entities]
    return [] if places == sorted(places) else ["not in order"]


def _nesting(message: Formatted) -> list[str]:
    found: list[str] = []
    around: list[Entity] = []
    for one in message.entities:
        while around and around[-1].offset + around[-1].length <= one.offset:
            around.pop()
        for outer in around:
            if one.offset + one.length > outer.offset + outer.length:
                found.append(f"{outer} crosses {one}")
            if not _may_hold(outer.type, one.type):
                found.append(f"{outer} holds {one}")
        around.append(one)
    return found


def _may_hold(outer: str, inner: str) -> bool:
    if outer in QUOTES:
        return inner not in QUOTES
    if outer in ("code", "pre") or inner in ("code", "pre") or inner in QUOTES:
        return False
    return outer != inner


def seen(message: Formatted) -> list[tuple[str, frozenset[tuple[str, str | None, str | None]]]]:
    """Give each character that is seen with all that it is."""
    starts = [0]
    for character in message.text:
        starts.append(starts[-1] + (2 if character > "\uffff" else 1))
    return [
        (
            character,
            frozenset(
                (one.type, one.url, one.language)
                for one in message.entities
                if one.offset <= begin and end <= one.offset + one.length
            ),
        )
        for character, (begin, end) in zip(message.text, pairwise(starts), strict=True)
        if is_seen(character)
    ]


def is_seen(character: str) -> bool:
    """Say whether a message may consist of this character."""
    return not re.fullmatch("[\\s\u00ad\u180e\u200b-\u200f\u2060\u2800\ufeff\ufffc\U000e0000-\U000e007f]", character)
