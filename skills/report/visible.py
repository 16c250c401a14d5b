"""Text from files and names of files, made safe to show: nothing hidden, nothing that turns the text around."""

import re
import unicodedata

ELLIPSIS = "…"
BREAK = "\u200b"
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str) -> str:
    """Give `text` with every control, direction mark and undecodable byte written out, as in `a\\nb` or `\\u202e`."""
    return _HIDDEN.sub(_escaped, text)


def one_line(text: str) -> str:
    """Give a cell's text on one line: white space, newlines included, becomes one space, the rest made visible."""
    return visible(" ".join(text.split()))


def clipped(text: str, width: int) -> str:
    """Give `text` cut to `width` characters, an ellipsis being the last of them."""
    return text if len(text) <= width else text[: width - 1].rstrip() + ELLIPSIS


def breakable(text: str, run: int) -> str:
    """Let the typesetter break runs of more than `run` characters without a space, which it would let stick out."""
    if len(text) <= run:
        return text
    return re.sub(rf"\S{{{run}}}(?=\S)", lambda found: found.group() + BREAK, text)


def columns_of(text: str) -> float:
    """Estimate how wide `text` is set, in average Latin characters: East Asian ones count 1.8, marks nothing."""
    if text.isascii():
        return float(len(text))
    return sum(map(_width, text))


def _width(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    return 1.8 if unicodedata.east_asian_width(character) in "WF" else 1.1


def _escaped(found: re.Match[str]) -> str:
    character = found.group()
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if 0xDC80 <= code <= 0xDCFF:  # surrogateescape: a byte of a name that is no UTF-8
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
