"""What Telegram takes of a text's characters; the others it would take out itself, and entities would no longer fit."""

import re
import unicodedata

BLANKS = " \n"
"""What Telegram trims from both ends of a text and of an entity."""
REPLACEMENT = "\ufffd"
_HARD_BLANK = "\u00a0"
_RETURN = re.compile("\r\n?|[\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_REFUSED = re.compile("[\0-\x08\x0b-\x1f\u202a-\u202e\u030a\u0333\u033f]")
_UNSEEN = re.compile("[\\s\u00ad\u180e\u200b-\u200f\u2060\u2800\ufeff\ufffc\U000e0000-\U000e007f]*")
_MARKS = "\u030a\u0333\u033f"


def cleaned(text: str) -> str:
    """Give a text without what Telegram refuses or takes out: every unit of it counts. Tabs stay."""
    if "\r" in text or not text.isascii():
        text = _RETURN.sub("\n", _joined_surrogates(text))
    if not _REFUSED.search(text):
        return text
    # Of the marks that Telegram takes out, the ring of å is one: composed with its letter it stays.
    composed = unicodedata.normalize("NFC", text) if any(mark in text for mark in _MARKS) else text
    return _REFUSED.sub(_instead, composed)


def _joined_surrogates(text: str) -> str:
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _instead(match: re.Match[str]) -> str:
    character = match[0]
    if character == "\0" or character in _MARKS:
        return REPLACEMENT
    return " " if character < " " else ""


def is_blank(text: str) -> bool:
    """Say whether nothing of a text is seen; Telegram refuses such messages."""
    return _UNSEEN.fullmatch(text) is not None


def held(text: str) -> str:
    """Give a code with blanks in its first line that Telegram does not trim, and without blank lines at its ends."""
    text = text.rstrip(BLANKS)
    begin = len(text) - len(text.lstrip(BLANKS))
    line = text.rfind("\n", 0, begin) + 1
    return _HARD_BLANK * (begin - line) + text[begin:]
