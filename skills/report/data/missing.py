"""What counts as a missing value."""

_WORDS = ("na", "n/a", "#n/a", "null", "none", "nan", "#value!", "#ref!", "#div/0!")
_SIGNS = ("", "-", "--", "–", "—", "?", "\\N")

MISSING = frozenset((*_SIGNS, *_WORDS, *(word.upper() for word in _WORDS), "NaN", "None", "Null", "N/a", "Nan"))
MISSING_IN_WORDS = "empty cells, “NA”, “n/a”, “null”, “none”, “NaN”, “-” and “?”"
