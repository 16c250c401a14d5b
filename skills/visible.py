"""Text that is safe to show and to hand on: no escape codes, no reordering, nothing invisible."""

import re

# C0 and C1 controls but newline and tab, surrogates, the marks that reorder text (Unicode TR 36, "bidirectional
# text spoofing"), the byte order mark, and the tag characters that hide words from people but not from models.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]")


def visible(text: str) -> str:
    """Give `text` without the characters that a person would not see; line ends become plain newlines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return _UNSAFE.sub("", lines)


def one_line(text: str, most: int) -> str:
    """Give `text` visible, on one line, and clipped to `most` characters."""
    line = " ".join(visible(text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def quoted(text: str) -> str:
    """Give a value from a file or a person as it may stand in a message."""
    return f'"{one_line(text, 60)}"'
