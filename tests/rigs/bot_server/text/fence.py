"""What stands behind the three backticks that begin a block of code."""

import re

_LANGUAGE = re.compile(r"([^\s`]+)(?=\s)")
_LINE_END = re.compile(r"\r\n|\n\r|\n|\r")


def after_fence(source: str, at: int) -> tuple[str, int]:
    """Give the language, if one is named, and where the code begins."""
    named = _LANGUAGE.match(source, at)
    at = named.end() if named else at
    ended = _LINE_END.match(source, at)
    return named[1] if named else "", ended.end() if ended else at
